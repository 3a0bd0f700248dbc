#pragma once

#include "http/assets.hpp"
#include "http/message.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace coroom::http {

/// The media type for a file name, by its ending; application/octet-stream for one it does not know.
std::string_view media_type(std::string_view path);

/// True if the name carries a hash of its content (`chat-8deb7aa3f883.js`), so that the bytes under it never
/// change.
bool names_its_content(std::string_view path);

/// Answers a GET or HEAD for a static file: with its type, an ETag and Cache-Control; 304 where the client
/// has it already (RFC 9110 section 13.1.2), 404 where there is none. "/" is "/index.html".
class StaticFiles {
 public:
  /// `security_policy` is sent as Content-Security-Policy with every HTML file; empty sends none.
  StaticFiles(std::unique_ptr<AssetSource> source, std::string security_policy)
      : source_(std::move(source)), security_policy_(std::move(security_policy)) {}

  [[nodiscard]] Response respond(const Request& request) const;

 private:
  std::unique_ptr<AssetSource> source_;
  std::string security_policy_;
};

}  // namespace coroom::http
