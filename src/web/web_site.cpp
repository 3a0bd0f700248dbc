#include "core/cache_policy.hpp"
#include "core/folder.hpp"
#include "templates/template_folder.hpp"
#include "web/static_urls.hpp"

#include <coroom/application.hpp>
#include <coroom/assets.hpp>
#include <coroom/static_file_handler.hpp>
#include <coroom/web_site.hpp>

#include <stdexcept>
#include <string_view>
#include <utility>
#include <vector>

namespace coroom {
namespace {

using detail::CachePolicy;
using detail::templates::TemplateFolder;
using detail::web::StaticUrls;

/// The site of web_site(), with its folders open.
class FolderSite final : public Site {
 public:
  /// Opens the folders. Fails if one cannot be read, or if static_url_prefix does not begin with a slash.
  static Result<std::shared_ptr<const Site>> open(const WebSiteSettings& settings, CachePolicy policy);

  [[nodiscard]] std::vector<Route> routes() const override;
  [[nodiscard]] std::string static_url(std::string_view path) const override;
  [[nodiscard]] Result<std::string> render_string(std::string_view name,
                                                  const boost::json::value& context) const override;

 private:
  std::string static_url_prefix_;
  // These are null for an empty setting.
  std::shared_ptr<const AssetSource> static_files_;
  std::unique_ptr<const StaticUrls> static_urls_;
  std::unique_ptr<const TemplateFolder> templates_;
};

Result<std::shared_ptr<const Site>> FolderSite::open(const WebSiteSettings& settings, CachePolicy policy) {
  auto site = std::make_shared<FolderSite>();
  if (!settings.static_path.empty()) {
    auto root = detail::readable_folder(settings.static_path);
    if (!root) return failure(Errc::invalid_argument, "static_path: " + root.error().message);
    if (!settings.static_url_prefix.starts_with('/'))
      return failure(Errc::invalid_argument,
                     "static_url_prefix: '" + settings.static_url_prefix + "' does not begin with /");
    site->static_url_prefix_ = settings.static_url_prefix;
    site->static_files_ = std::make_shared<const FolderAssets>(std::move(*root));
    site->static_urls_ =
        std::make_unique<const StaticUrls>(site->static_files_, settings.static_url_prefix, policy);
  }
  if (!settings.template_path.empty()) {
    auto root = detail::readable_folder(settings.template_path);
    if (!root) return failure(Errc::invalid_argument, "template_path: " + root.error().message);
    site->templates_ = std::make_unique<const TemplateFolder>(std::move(*root), policy);
  }
  return std::shared_ptr<const Site>(std::move(site));
}

std::vector<Route> FolderSite::routes() const {
  if (!static_files_) return {};
  return {route<StaticFileHandler>("\\Q" + static_url_prefix_ + "\\E(.*)", static_files_, std::string())};
}

std::string FolderSite::static_url(std::string_view path) const {
  if (!static_urls_) throw std::logic_error("static_url: the setting static_path is empty");
  return static_urls_->of(path);
}

Result<std::string> FolderSite::render_string(std::string_view name,
                                              const boost::json::value& context) const {
  if (!templates_) return failure("template " + std::string(name) + ": the setting template_path is empty");
  return templates_->render(name, context, [this](std::string_view path) { return static_url(path); });
}

}  // namespace

std::function<Result<std::shared_ptr<const Site>>(bool debug)> web_site(WebSiteSettings settings) {
  return [settings = std::move(settings)](bool debug) {
    return FolderSite::open(settings, debug ? CachePolicy::reload : CachePolicy::keep);
  };
}

}  // namespace coroom
