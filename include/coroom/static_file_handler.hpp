#pragma once

#include <coroom/assets.hpp>
#include <coroom/request_handler.hpp>

#include <memory>
#include <string>
#include <string_view>

namespace coroom {

/// Serves files (Tornado: StaticFileHandler). The first group of the route's pattern names the file, with or
/// without a leading slash; without a group, the path names it. "/" means "/index.html".
///
/// Sends ETag, Last-Modified and Cache-Control, and answers 304 to conditional requests. Range and If-Range
/// select one part of a file. A URL with a hash of the content is served as immutable: in the file's name, or
/// as static_url() adds it.
///
/// Other methods than GET and HEAD get 404 where there is no file, and 405 where there is one.
///
/// If a file `NAME.br` or `NAME.gz` is beside `NAME`, clients that accept this encoding get the compressed
/// file (Accept-Encoding). Programs link coroom::web.
class StaticFileHandler : public RequestHandler {
 public:
  /// Constructs a handler of these files; route() passes the arguments. `security_policy` is sent as
  /// Content-Security-Policy with each HTML and XML file, unless it is empty. `file`, such as "/index.html",
  /// is served for each path; if it is empty, the path selects the file.
  explicit StaticFileHandler(std::shared_ptr<const AssetSource> files, std::string security_policy = {},
                             std::string file = {});

  task<> prepare() override;
  task<> get() override;

 protected:
  /// Returns the media type of the file with this path, which begins with "/" (Tornado: get_content_type).
  /// Unless overridden, the type comes from the system's table, with the charset UTF-8 for text. A file of an
  /// unknown type is application/octet-stream.
  [[nodiscard]] virtual std::string content_type(std::string_view path) const;

 private:
  [[nodiscard]] std::string path() const;
  task<> refuse_method(std::string path);

  std::shared_ptr<const AssetSource> files_;
  std::string security_policy_;
  std::string file_;
};

}  // namespace coroom
