#pragma once

#include "core/cache_policy.hpp"

#include <coroom/error.hpp>

#include <boost/json/value.hpp>

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

namespace coroom::detail::templates {

class Template;

/// A folder of templates, each compiled when it is first rendered. Any thread may use it.
class TemplateFolder {
 public:
  /// `root` comes from readable_folder().
  TemplateFolder(std::filesystem::path root, CachePolicy policy) : root_(std::move(root)), policy_(policy) {}

  /// Renders a template. Fails if the template or an included one does not exist or does not parse; the error
  /// names the file. `static_url` returns the URL of a static file.
  [[nodiscard]] Result<std::string> render(
      std::string_view name, const boost::json::value& context,
      const std::function<std::string(std::string_view)>& static_url) const;

 private:
  [[nodiscard]] Result<std::shared_ptr<const Template>> find(std::string_view name) const;

  std::filesystem::path root_;
  CachePolicy policy_;
  mutable std::mutex mutex_;  // guards compiled_
  mutable std::map<std::string, std::shared_ptr<const Template>, std::less<>> compiled_;
};

}  // namespace coroom::detail::templates
