#include "application/exchange.hpp"
#include "http/static_files.hpp"

#include <coroom/static_file_handler.hpp>

#include <utility>

namespace coroom {

StaticFileHandler::StaticFileHandler(std::shared_ptr<const AssetSource> files, std::string security_policy)
    : files_(std::move(files)), security_policy_(std::move(security_policy)) {}

task<> StaticFileHandler::get() {
  const std::string path = path_arguments().empty() ? request().path : "/" + path_arguments().front();
  exchange_->response = http::static_file(*files_, path, request(), security_policy_);
  finish();
  co_return;
}

}  // namespace coroom
