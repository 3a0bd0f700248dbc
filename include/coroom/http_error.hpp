#pragma once

#include <coroom/request.hpp>

#include <exception>
#include <string>
#include <utility>

namespace coroom {

/// A response with an error. A handler throws it from any of its methods (Tornado: HTTPError).
///
///     throw HttpError(403, "This room is closed.");
class HttpError : public std::exception {
 public:
  /// Constructs the error with a status code from 400 to 599. `reason` is a sentence for the client and for
  /// the log; if it is empty, the standard phrase of the status is used. `headers` are fields of the
  /// response.
  ///
  /// Throws: std::invalid_argument for any other status.
  explicit HttpError(unsigned status, std::string reason = {}, Headers headers = {});

  /// Returns the status code of the response.
  [[nodiscard]] unsigned status() const { return status_; }

  /// Returns the sentence for the client; never empty.
  [[nodiscard]] const std::string& reason() const { return reason_; }

  /// Returns the fields that are sent in addition to those of the handler.
  [[nodiscard]] const Headers& headers() const { return headers_; }

  /// Returns the exception that was answered with this error, or nullptr (Tornado: exc_info).
  [[nodiscard]] std::exception_ptr cause() const { return cause_; }

  /// Sets the result of cause().
  void set_cause(std::exception_ptr cause) { cause_ = std::move(cause); }

  /// Returns the reason.
  [[nodiscard]] const char* what() const noexcept override { return reason_.c_str(); }

 private:
  unsigned status_;
  std::string reason_;
  Headers headers_;
  std::exception_ptr cause_;
};

}  // namespace coroom
