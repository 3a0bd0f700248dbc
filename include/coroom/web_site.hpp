#pragma once

#include <coroom/error.hpp>
#include <coroom/site.hpp>

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

namespace coroom {

/// The folders of web_site().
struct WebSiteSettings {
  /// Folder that is served with precedence over all routes (Tornado: static_path). Empty: none.
  std::filesystem::path static_path = {};

  /// URL path of static_path (Tornado: static_url_prefix). Begins with "/".
  std::string static_url_prefix = "/static/";

  /// Folder of the templates (Tornado: template_path). Empty: none.
  std::filesystem::path template_path = {};
};

/// Returns the value of Settings::site that serves and renders the files of these folders. Programs that call
/// it link coroom::web.
///
///     coroom::Application application(routes, {.site = coroom::web_site({.static_path = "static"})});
///
/// The application opens the folders in listen(). In debug mode (Settings::debug), templates are read and
/// hashes computed for each request.
///
/// Errors of listen(): a folder cannot be read, or the prefix does not begin with "/".
std::function<Result<std::shared_ptr<const Site>>(bool debug)> web_site(WebSiteSettings settings);

}  // namespace coroom
