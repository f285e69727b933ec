#include "app/environment.h"

#include <sys/utsname.h>

#include <ctime>
#include <fstream>

#include "app/text.h"
#include "commit.h"
#include "deltarule/math/instruction_set.h"

namespace deltarule::app {
namespace {

std::string compiler_name() {
#if defined(__clang__)
  return "clang " __clang_version__;
#else
  return "g++ " __VERSION__;
#endif
}

std::string processor_name() {
  std::ifstream information("/proc/cpuinfo");
  for (std::string line; std::getline(information, line);) {
    const std::size_t colon = line.find(": ");
    if (line.starts_with("model name") && colon != std::string::npos) return line.substr(colon + 2);
  }
  return "unknown";
}

std::string system_name() {
  utsname names{};
  if (uname(&names) != 0) return "unknown";
  return std::string(names.sysname) + " " + names.release + " " + names.machine;
}

std::string date_now() {
  const std::time_t now = std::time(nullptr);
  std::tm utc{};
  gmtime_r(&now, &utc);
  return formatted("%04d-%02d-%02d %02d:%02d UTC", utc.tm_year + 1900, utc.tm_mon + 1, utc.tm_mday,
                   utc.tm_hour, utc.tm_min);
}

}  // namespace

Environment current_environment(std::string command_line, int threads) {
  Environment environment;
  environment.version = DELTARULE_VERSION;
  environment.commit = DELTARULE_COMMIT;
  environment.compiler = compiler_name();
  environment.instruction_set = instruction_set();
  environment.processor = processor_name();
  environment.system = system_name();
  environment.command = std::move(command_line);
  environment.date = date_now();
  environment.threads = threads;
  return environment;
}

std::string version_text() {
  return "deltarule " DELTARULE_VERSION "\ncommit           " DELTARULE_COMMIT
         "\ncompiler         " +
         compiler_name() + "\ninstruction set  " + instruction_set() + "\n";
}

}  // namespace deltarule::app
