#include "deltarule/training/history.h"

#include <cassert>

namespace deltarule {

const char* name_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::kFinished:
      return "finished";
    case Outcome::kStoppedEarly:
      return "stopped early";
    case Outcome::kDiverged:
      return "diverged";
    case Outcome::kInterrupted:
      return "interrupted";
  }
  assert(false);
  return "";
}

}  // namespace deltarule
