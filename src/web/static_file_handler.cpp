#include "application/handler_context.hpp"
#include "core/blocking_threads.hpp"
#include "web/media_types.hpp"
#include "web/static_files.hpp"

#include <coroom/static_file_handler.hpp>

#include <utility>

namespace coroom {

StaticFileHandler::StaticFileHandler(std::shared_ptr<const AssetSource> files, std::string security_policy,
                                     std::string file)
    : files_(std::move(files)), security_policy_(std::move(security_policy)), file_(std::move(file)) {}

std::string StaticFileHandler::content_type(std::string_view path) const {
  return detail::web::MediaTypes::of_this_machine().of(path);
}

std::string StaticFileHandler::path() const {
  std::string path = path_arguments().empty() ? request().path : path_arguments().front();
  if (!path.starts_with('/')) path.insert(path.begin(), '/');
  if (!file_.empty()) path = file_;
  return path == "/" ? "/index.html" : path;
}

/// A function that needs no look at a file is no coroutine.
task<> StaticFileHandler::prepare() {
  const std::string& method = request().method;
  return method == "GET" || method == "HEAD" || method == "OPTIONS" ? task<>() : refuse_method(path());
}

task<> StaticFileHandler::refuse_method(std::string path) {
  auto exists = [files = files_, path = std::move(path)] { return files->find(path).has_value(); };
  const bool is_file =
      files_->may_block() ? co_await handler_context().services.disk->run(std::move(exists)) : exists();
  if (!is_file) send_error(404, "There is no resource at this URL.");
}

task<> StaticFileHandler::get() {
  const std::string path = this->path();
  // The function owns all that it uses, since it continues after a cancellation of the handler.
  auto find = [files = files_, path, asked = request(), policy = security_policy_,
               type = content_type(path)] {
    return detail::web::static_file(*files, path, asked, policy, type);
  };
  detail::http::Response found =
      files_->may_block() ? co_await handler_context().services.disk->run(std::move(find)) : find();
  if (found.status >= 400) {
    Headers headers;
    for (const auto& [name, value] : found.headers) {
      if (name == "Content-Range") headers.add(name, value);
    }
    co_return send_error(found.status, found.cause, headers);
  }
  detail::http::Response& response = unanswered().response;
  for (const auto& [name, value] : found.headers) response.headers.set(name, value);
  response.status = found.status;
  response.body = std::move(found.body);
  finish();
}

}  // namespace coroom
