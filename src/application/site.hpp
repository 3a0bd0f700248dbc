#pragma once

#include <coroom/assets.hpp>
#include <coroom/error.hpp>
#include <coroom/settings.hpp>

#include <memory>

namespace coroom::detail {
class BlockingThreads;
}

namespace coroom::detail::templates {
class TemplateFolder;
}

namespace coroom::detail::application {

class StaticUrls;

/// The files named by an application's settings; null for empty settings. All shards use them.
struct Site {
  std::shared_ptr<const AssetSource> static_files;
  std::shared_ptr<const StaticUrls> static_urls;
  std::shared_ptr<const templates::TemplateFolder> templates;
  detail::BlockingThreads* disk = nullptr;  ///< reads files; must outlive all handlers
};

/// Fails if a folder cannot be read, or if static_url_prefix does not begin with a slash.
Result<Site> open_site(const Settings& settings);

}  // namespace coroom::detail::application
