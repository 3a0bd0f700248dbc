#pragma once

#include "templates/context.hpp"

#include <coroom/error.hpp>

#include <boost/json/value.hpp>

#include <filesystem>
#include <kainjow/mustache.hpp>
#include <memory>
#include <string>
#include <string_view>

namespace coroom::detail::templates {

/// A template, compiled, and the texts of all that it includes. Any thread may render it, at any time.
class Template {
 public:
  /// Reads it below `root`, which comes from readable_folder(). An error names the file, and the line if
  /// there is one to name: it does not exist, does not parse, or includes itself.
  static Result<std::shared_ptr<const Template>> load(const std::filesystem::path& root,
                                                      std::string_view name);

  /// Every part of `text` parses.
  Template(std::string name, const std::string& text, Partials partials);

  [[nodiscard]] Result<std::string> render(const boost::json::value& context,
                                           const StaticUrl& static_url) const;

 private:
  std::string name_;
  // Its render() is not const since it may note an error. None is left to note: partials have been parsed,
  // and there are no lambdas. So it only reads.
  mutable kainjow::mustache::mustache compiled_;
  Partials partials_;
};

}  // namespace coroom::detail::templates
