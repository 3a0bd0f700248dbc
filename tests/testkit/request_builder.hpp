#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace coroom::testkit {

/// Builds an HTTP/1.1 request. It is complete after each call, with an empty line behind the fields:
/// `client.send(RequestBuilder("POST", "/guest").field("Origin", "null").body("{}"))`.
class RequestBuilder {
 public:
  /// The value of Host is `x`, a name that no test depends on.
  RequestBuilder(std::string_view method, std::string_view target) : RequestBuilder(method, target, "x") {}

  /// Names this server in Host, as a client of `localhost` does.
  RequestBuilder(std::string_view method, std::string_view target, std::uint16_t port)
      : RequestBuilder(method, target, "localhost:" + std::to_string(port)) {}

  RequestBuilder(std::string_view method, std::string_view target, std::string_view host)
      : bytes_(std::string(method) + ' ' + std::string(target) + " HTTP/1.1\r\nHost: " + std::string(host) +
               "\r\n\r\n"),
        fields_end_(bytes_.size() - 2) {}

  RequestBuilder& field(std::string_view name, std::string_view value) {
    return fields(std::string(name) + ": " + std::string(value) + "\r\n");
  }

  /// Adds whole lines, each with `\r\n` at its end.
  RequestBuilder& fields(std::string_view lines) {
    bytes_.insert(fields_end_, lines);
    fields_end_ += lines.size();
    return *this;
  }

  /// Adds a body and its Content-Length.
  RequestBuilder& body(std::string_view data) {
    field("Content-Length", std::to_string(data.size()));
    bytes_ += data;
    return *this;
  }

  [[nodiscard]] const std::string& bytes() const { return bytes_; }

  // NOLINTNEXTLINE(google-explicit-constructor): so that it stands for its bytes.
  operator std::string_view() const { return bytes_; }

 private:
  std::string bytes_;
  std::size_t fields_end_;
};

}  // namespace coroom::testkit
