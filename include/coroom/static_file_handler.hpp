#pragma once

#include <coroom/assets.hpp>
#include <coroom/request_handler.hpp>

#include <memory>
#include <string>
#include <string_view>

namespace coroom {

/// Serves files (Tornado: StaticFileHandler): the one that the pattern's first group names, with or without a
/// slash before it, or the path itself where there is none; "/" is "/index.html". With ETag, Last-Modified,
/// Cache-Control, 304, and parts of files by Range and If-Range; addresses that carry a hash of their content
/// are served as immutable. A file that was compressed beforehand, `NAME.br` or `NAME.gz` beside `NAME`, goes
/// to clients that take it so (Accept-Encoding).
class StaticFileHandler : public RequestHandler {
 public:
  /// `security_policy` is sent as Content-Security-Policy with every HTML file; empty sends none. `file`,
  /// such as "/index.html", is the one that is served whatever the path; empty: the path decides.
  explicit StaticFileHandler(std::shared_ptr<const AssetSource> files, std::string security_policy = {},
                             std::string file = {});

  task<> get() override;

 protected:
  /// Returns the media type of a file: by default that of the system's table, with the charset UTF-8 for
  /// text, or application/octet-stream (Tornado: get_content_type). `path` begins with "/".
  [[nodiscard]] virtual std::string content_type(std::string_view path) const;

 private:
  std::shared_ptr<const AssetSource> files_;
  std::string security_policy_;
  std::string file_;
};

}  // namespace coroom
