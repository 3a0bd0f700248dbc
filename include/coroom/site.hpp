#pragma once

#include <coroom/error.hpp>

#include <boost/json/value.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace coroom {

struct Route;

/// The static files and templates of an application, as Settings::site opens them. web_site() implements it.
/// Any thread may use it, and several at once. It lives until the last of the handlers has gone.
class Site {
 public:
  Site() = default;
  Site(const Site&) = delete;
  Site& operator=(const Site&) = delete;
  virtual ~Site() = default;

  /// Returns the routes that precede those of the application.
  [[nodiscard]] virtual std::vector<Route> routes() const = 0;

  /// Returns the result of RequestHandler::static_url().
  ///
  /// Throws: std::logic_error if the site has no static files.
  [[nodiscard]] virtual std::string static_url(std::string_view path) const = 0;

  /// Returns the result of RequestHandler::render_string(), with its errors.
  [[nodiscard]] virtual Result<std::string> render_string(std::string_view name,
                                                          const boost::json::value& context) const = 0;
};

}  // namespace coroom
