#include "web/static_urls.hpp"

#include "http/target.hpp"
#include "web/content_version.hpp"

#include <coroom/log.hpp>

#include <cstddef>
#include <utility>

namespace coroom::detail::web {
namespace {

constexpr std::size_t most_known = 10'000;  // paths; user input may form any number of them

}  // namespace

std::string StaticUrls::of(std::string_view path) const {
  const std::string version = version_of(path);
  std::string url = prefix_ + http::percent_encoded(path);
  if (!version.empty()) url.append("?v=").append(version);
  return url;
}

std::string StaticUrls::version_of(std::string_view path) const {
  if (policy_ == CachePolicy::keep) {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (const auto known = known_.find(path); known != known_.end()) return known->second;
  }
  const auto asset = files_->find("/" + std::string(path));
  std::string version = asset ? content_version(*asset) : std::string();

  const std::lock_guard<std::mutex> lock(mutex_);
  if (known_.size() >= most_known) return version;
  const bool is_new = known_.try_emplace(std::string(path), version).second;
  if (is_new && !asset) logging::warning("a static file does not exist", {{"path", path}});
  return version;
}

}  // namespace coroom::detail::web
