#include "templates/template_folder.hpp"

#include "templates/template.hpp"

#include <utility>

namespace coroom::detail::templates {

Result<std::string> TemplateFolder::render(
    std::string_view name, const boost::json::value& context,
    const std::function<std::string(std::string_view)>& static_url) const {
  const auto found = find(name);
  if (!found) return tl::unexpected(found.error());
  return (*found)->render(context, static_url);
}

Result<std::shared_ptr<const Template>> TemplateFolder::find(std::string_view name) const {
  if (policy_ == CachePolicy::reload) return Template::load(root_, name);
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (const auto known = compiled_.find(name); known != compiled_.end()) return known->second;
  }
  // Two threads may compile the same template at first, but no thread waits while another reads a file.
  auto loaded = Template::load(root_, name);
  if (!loaded) return loaded;
  const std::lock_guard<std::mutex> lock(mutex_);
  return compiled_.try_emplace(std::string(name), std::move(*loaded)).first->second;
}

}  // namespace coroom::detail::templates
