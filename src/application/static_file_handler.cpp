#include "application/exchange.hpp"
#include "http/static_files.hpp"

#include <coroom/static_file_handler.hpp>

#include <utility>

namespace coroom {

StaticFileHandler::StaticFileHandler(std::shared_ptr<const AssetSource> files, std::string security_policy,
                                     std::string file)
    : files_(std::move(files)), security_policy_(std::move(security_policy)), file_(std::move(file)) {}

task<> StaticFileHandler::get() {
  std::string path = path_arguments().empty() ? request().path : "/" + path_arguments().front();
  if (!file_.empty()) path = file_;
  unanswered().response = http::static_file(*files_, path, request(), security_policy_);
  finish();
  co_return;
}

}  // namespace coroom
