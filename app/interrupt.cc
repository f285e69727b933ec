#include "app/interrupt.h"

#include <signal.h>

namespace deltarule::app {
namespace {

volatile sig_atomic_t interrupt_flag = 0;

void remember(int) { interrupt_flag = 1; }

}  // namespace

void catch_interrupts() {
  struct sigaction action {};
  action.sa_handler = remember;
  action.sa_flags = SA_RESETHAND | SA_RESTART;
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

bool interrupted() { return interrupt_flag != 0; }

}  // namespace deltarule::app
