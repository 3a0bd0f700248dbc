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

/// The files of an application, as its settings name them; null where they name none. All shards use them.
struct Site {
  std::shared_ptr<const AssetSource> static_files;
  std::shared_ptr<const StaticUrls> static_urls;
  std::shared_ptr<const templates::TemplateFolder> templates;
  detail::BlockingThreads* disk = nullptr;  ///< reads files; outlives all handlers
};

/// Fails if a folder can't be read, or if the static files are to be served where no address leads.
Result<Site> open_site(const Settings& settings);

}  // namespace coroom::detail::application
