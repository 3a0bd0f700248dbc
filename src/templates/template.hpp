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

/// A compiled template with the texts of its included templates. Any thread may render it at any time.
class Template {
 public:
  /// Loads a template below `root`, which comes from readable_folder(). Fails if the file does not exist,
  /// does not parse or includes itself. The error names the file, and the line if known.
  static Result<std::shared_ptr<const Template>> load(const std::filesystem::path& root,
                                                      std::string_view name);

  /// `text` and all partials must parse.
  Template(std::string name, const std::string& text, Partials partials);

  [[nodiscard]] Result<std::string> render(const boost::json::value& context,
                                           const StaticUrl& static_url) const;

 private:
  std::string name_;
  // render() of the library is not const because it may record an error. Here it only reads: the partials are
  // parsed already, and there are no lambdas.
  mutable kainjow::mustache::mustache compiled_;
  Partials partials_;
};

}  // namespace coroom::detail::templates
