// A study while it goes, on the console.
#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>

#include "app/console.h"
#include "deltarule/study/runner.h"

namespace deltarule::app {

/// On a terminal a line for the whole and one for each run that moves; a line that stays for each
/// finished run. One thread at a time, as StudyObserver promises.
class StudyConsole {
 public:
  explicit StudyConsole(Console& console) : console_(console) {}

  void show_epoch(const StudyProgress& progress);
  void show_finished(const StudyResult& result);

 private:
  using RunName = std::pair<std::string, std::uint64_t>;  ///< experiment, seed

  Console& console_;
  std::size_t runs_total_ = 0;
  std::map<RunName, std::string> going_;
  std::set<RunName> finished_;
};

}  // namespace deltarule::app
