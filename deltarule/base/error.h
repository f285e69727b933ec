// Errors that the world causes: a bad file, a bad flag, no network, no disk.
//
// The library throws `Error` and never prints or exits; `app/main.cc` catches it once and turns it
// into one message and an exit code. Mistakes of our own are assertions, not errors.
#pragma once

#include <exception>
#include <string>

namespace deltarule {

/// What a person needs in order to mend the problem. `what` is required, the rest may be empty.
struct Explanation {
  std::string what;        ///< what is wrong, in one sentence without a full stop
  std::string where{};     ///< the file, line, byte offset, flag or key
  std::string expected{};  ///< what would have been right
  std::string found{};     ///< what was there instead
  std::string next{};      ///< what to do now
};

class Error : public std::exception {
 public:
  explicit Error(Explanation explanation);

  const Explanation& explanation() const { return explanation_; }

  /// The explanation as lines: `what`, then each of the other parts that is not empty, indented.
  const char* what() const noexcept override { return message_.c_str(); }

 private:
  Explanation explanation_;
  std::string message_;
};

}  // namespace deltarule
