#pragma once

#include "core/cache_policy.hpp"

#include <coroom/assets.hpp>

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

namespace coroom::detail::web {

/// The URLs of static files, which change with the content of the files. Any thread may use it.
class StaticUrls {
 public:
  /// `prefix`: the path of the URLs where the files are served.
  StaticUrls(std::shared_ptr<const AssetSource> files, std::string prefix, CachePolicy policy)
      : files_(std::move(files)), prefix_(std::move(prefix)), policy_(policy) {}

  /// Returns a URL such as `/static/js/x.js?v=VERSION`. If there is no such file, the URL has no version, and
  /// a warning is logged once.
  [[nodiscard]] std::string of(std::string_view path) const;

 private:
  [[nodiscard]] std::string version_of(std::string_view path) const;

  std::shared_ptr<const AssetSource> files_;
  std::string prefix_;
  CachePolicy policy_;
  mutable std::mutex mutex_;                                       // guards known_
  mutable std::map<std::string, std::string, std::less<>> known_;  // versions by path; empty: no file
};

}  // namespace coroom::detail::web
