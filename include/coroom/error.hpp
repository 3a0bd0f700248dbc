#pragma once

#include <tl/expected.hpp>

#include <string>
#include <utility>

namespace coroom {

/// Why something failed, in one line that a person can act on. It names the file, flag or value that is at
/// fault.
struct Error {
  /// What the caller can do about it.
  enum class Kind {
    failed,   ///< see the message
    too_fast  ///< the same call may succeed in some seconds
  };

  /// An error with this message.
  explicit Error(std::string text, Kind what = Kind::failed) : message(std::move(text)), kind(what) {}

  std::string message;  ///< without a full stop or a line break
  Kind kind;            ///< what the caller can do about it
};

/// What a call at a boundary gives back: a value, or the reason why there is none. Failures are told by it,
/// and exceptions are left for mistakes of the program; a task that is cancelled throws `operation_aborted`,
/// and what a program's own callback throws goes through.
template <class T = void>
using Result = tl::expected<T, Error>;

/// `return failure("…")` in a function that gives a Result.
inline tl::unexpected<Error> failure(std::string message) {
  return tl::unexpected<Error>(Error(std::move(message)));
}

}  // namespace coroom
