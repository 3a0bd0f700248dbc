#pragma once

#include <coroom/assets.hpp>

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

namespace coroom::detail::application {

/// The addresses of static files, which change with what is in them. Any thread may use it.
class StaticUrls {
 public:
  enum class CachePolicy {
    versions,  ///< a file is read once
    nothing    ///< so that an author sees what was just saved
  };

  /// `prefix` is where the files are served.
  StaticUrls(std::shared_ptr<const AssetSource> files, std::string prefix, CachePolicy policy)
      : files_(std::move(files)), prefix_(std::move(prefix)), policy_(policy) {}

  /// `/static/js/x.js?v=VERSION`. Where there is no such file, the address has no version, and the log says
  /// so, once.
  [[nodiscard]] std::string of(std::string_view path) const;

 private:
  [[nodiscard]] std::string version_of(std::string_view path) const;

  std::shared_ptr<const AssetSource> files_;
  std::string prefix_;
  CachePolicy policy_;
  mutable std::mutex mutex_;                                       // for what follows
  mutable std::map<std::string, std::string, std::less<>> known_;  // the versions of paths; empty: no file
};

}  // namespace coroom::detail::application
