#pragma once

#include <boost/json/value.hpp>

#include <functional>
#include <kainjow/mustache.hpp>
#include <map>
#include <string>
#include <string_view>

namespace coroom::detail::templates {

/// Gives the address of a static file.
using StaticUrl = std::function<std::string(std::string_view path)>;

/// Templates that others include, by name: each a string.
using Partials = std::map<std::string, kainjow::mustache::data, std::less<>>;

/// JSON as mustache sees it. null, false, an empty string and an empty array choose the inverted section.
kainjow::mustache::data to_data(const boost::json::value& value);

/// Looks up what a template names while it is rendered, once.
class TemplateContext final : public kainjow::mustache::context<std::string> {
 public:
  /// All of them outlive it.
  TemplateContext(const kainjow::mustache::data& data, const Partials& partials, const StaticUrl& static_url)
      : context(&data), partials_(partials), static_url_(static_url) {}

  /// `static_url('js/x.js')` is the address of that file, any other name a member of the data.
  [[nodiscard]] const kainjow::mustache::data* get(const std::string& name) const override;
  [[nodiscard]] const kainjow::mustache::data* get_partial(const std::string& name) const override;

  /// What went wrong; empty if nothing did.
  [[nodiscard]] const std::string& error() const { return error_; }

 private:
  const Partials& partials_;
  const StaticUrl& static_url_;
  // The renderer looks up through a constant context and wants what it found to stay.
  mutable std::map<std::string, kainjow::mustache::data, std::less<>> urls_;
  mutable std::string error_;
};

}  // namespace coroom::detail::templates
