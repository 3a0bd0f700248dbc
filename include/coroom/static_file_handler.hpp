#pragma once

#include <coroom/assets.hpp>
#include <coroom/request_handler.hpp>

#include <memory>
#include <string>

namespace coroom {

/// Serves files (Tornado: StaticFileHandler): the one that the pattern's first group names, or the path
/// itself where there is none; "/" is "/index.html". With ETag, Cache-Control and 304; addresses that carry a
/// hash of their content are served as immutable.
class StaticFileHandler : public RequestHandler {
 public:
  /// `security_policy` is sent as Content-Security-Policy with every HTML file; empty sends none.
  explicit StaticFileHandler(std::shared_ptr<const AssetSource> files, std::string security_policy = {});

  task<> get() override;

 private:
  std::shared_ptr<const AssetSource> files_;
  std::string security_policy_;
};

}  // namespace coroom
