#pragma once

#include <boost/json/value.hpp>

#include <functional>
#include <kainjow/mustache.hpp>
#include <map>
#include <string>
#include <string_view>

namespace coroom::detail::templates {

/// Returns the URL of a static file.
using StaticUrl = std::function<std::string(std::string_view path)>;

/// Included templates by name; each value is a string.
using Partials = std::map<std::string, kainjow::mustache::data, std::less<>>;

/// Converts JSON to mustache data. null, false, an empty string and an empty array select the inverted
/// section.
kainjow::mustache::data to_data(const boost::json::value& value);

/// Looks up the names of a template during one rendering.
class TemplateContext final : public kainjow::mustache::context<std::string> {
 public:
  /// All arguments outlive it.
  TemplateContext(const kainjow::mustache::data& data, const Partials& partials, const StaticUrl& static_url)
      : context(&data), partials_(partials), static_url_(static_url) {}

  /// Returns the URL of a file for `static_url('js/x.js')`, and a member of the data for any other name.
  [[nodiscard]] const kainjow::mustache::data* get(const std::string& name) const override;
  [[nodiscard]] const kainjow::mustache::data* get_partial(const std::string& name) const override;

  /// Returns the first error; empty if there is none.
  [[nodiscard]] const std::string& error() const { return error_; }

 private:
  const Partials& partials_;
  const StaticUrl& static_url_;
  // The renderer looks up through a constant context, and needs stable results.
  mutable std::map<std::string, kainjow::mustache::data, std::less<>> urls_;
  mutable std::string error_;
};

}  // namespace coroom::detail::templates
