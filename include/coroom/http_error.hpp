#pragma once

#include <coroom/request.hpp>

#include <exception>
#include <string>
#include <utility>

namespace coroom {

/// An answer with an error. A handler may throw it from any of its methods (Tornado: HTTPError):
/// `throw HttpError(403, "This room is closed.");`.
class HttpError : public std::exception {
 public:
  /// `status` is from 400 to 599, else it throws std::invalid_argument. `reason` is a sentence for the
  /// client, and for the log; empty: the status' own. `headers` are fields of the answer.
  explicit HttpError(unsigned status, std::string reason = {}, Headers headers = {});

  /// Returns the status code of the answer.
  [[nodiscard]] unsigned status() const { return status_; }

  /// Returns the sentence for the client; never empty.
  [[nodiscard]] const std::string& reason() const { return reason_; }

  /// Returns the fields that the answer has beside those of the handler.
  [[nodiscard]] const Headers& headers() const { return headers_; }

  /// Returns the exception that was answered with this error, if there was one (Tornado: exc_info).
  [[nodiscard]] std::exception_ptr cause() const { return cause_; }

  /// Sets what cause() returns.
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
