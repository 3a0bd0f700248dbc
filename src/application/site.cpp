#include "application/site.hpp"

#include "application/static_urls.hpp"
#include "core/folder.hpp"
#include "templates/template_folder.hpp"

#include <utility>

namespace coroom::detail::application {

Result<Site> open_site(const Settings& settings) {
  using templates::TemplateFolder;
  Site site;
  if (!settings.static_path.empty()) {
    auto root = readable_folder(settings.static_path);
    if (!root) return failure(Errc::invalid_argument, "static_path: " + root.error().message);
    if (!settings.static_url_prefix.starts_with('/'))
      return failure(Errc::invalid_argument,
                     "static_url_prefix: '" + settings.static_url_prefix + "' does not begin with /");
    site.static_files = std::make_shared<const FolderAssets>(std::move(*root));
    site.static_urls =
        std::make_shared<const StaticUrls>(site.static_files, settings.static_url_prefix,
                                           settings.debug ? CachePolicy::reload : CachePolicy::keep);
  }
  if (!settings.template_path.empty()) {
    auto root = readable_folder(settings.template_path);
    if (!root) return failure(Errc::invalid_argument, "template_path: " + root.error().message);
    site.templates = std::make_shared<const TemplateFolder>(
        std::move(*root), settings.debug ? CachePolicy::reload : CachePolicy::keep);
  }
  return site;
}

}  // namespace coroom::detail::application
