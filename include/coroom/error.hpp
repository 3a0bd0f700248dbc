#pragma once

#include <boost/system/error_code.hpp>
#include <tl/expected.hpp>

#include <string>
#include <type_traits>
#include <utility>

namespace coroom {

/// The kinds of errors that a program may want to tell apart.
enum class Errc {
  failed = 1,        ///< any other error: see Error::message
  invalid_argument,  ///< a value that is not allowed; the message names it
  invalid_text,      ///< text that is not UTF-8
  invalid_json,      ///< data that is not one JSON value
  not_open,          ///< the connection is not open yet, or the application does not serve yet
  closed,            ///< the connection or the membership has ended
  stopped,           ///< the application has stopped
  too_fast,          ///< a rate is exceeded or a queue full; the same call may succeed in some seconds
  too_many_rooms,    ///< a limit of rooms is reached: ResourceLimits::max_rooms, or that of one address
  storage_failed     ///< a broker or a store could not read or write
};

/// Returns the category of Errc, whose name is "coroom".
const boost::system::error_category& error_category() noexcept;

/// Converts to an error code of error_category().
inline boost::system::error_code make_error_code(Errc code) noexcept {
  return {static_cast<int>(code), error_category()};
}

}  // namespace coroom

/// @cond
// So that `error.code == coroom::Errc::closed` compares.
template <>
struct boost::system::is_error_code_enum<coroom::Errc> : std::true_type {};
/// @endcond

namespace coroom {

/// An error with a sentence that a person can act on.
struct Error {
  std::string message;  ///< names the file, flag or value at fault; without a full stop or a line break
  boost::system::error_code code = Errc::failed;  ///< for programs; mostly of error_category()
};

/// A value, or the error because of which there is none. Functions report errors by it; exceptions report
/// mistakes of the program alone. A task that is cancelled throws boost::system::system_error with
/// `operation_aborted`, and exceptions of a program's own callbacks pass through.
template <class T = void>
using Result = tl::expected<T, Error>;

/// Makes an error to return: `return failure("the file is empty")`.
///@{
inline tl::unexpected<Error> failure(std::string message) {
  return tl::unexpected<Error>(Error{std::move(message)});
}
inline tl::unexpected<Error> failure(Errc code, std::string message) {
  return tl::unexpected<Error>(Error{std::move(message), code});
}
///@}

}  // namespace coroom
