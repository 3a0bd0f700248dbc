#include "templates/template.hpp"

#include "core/folder.hpp"
#include "templates/tags.hpp"

#include <algorithm>
#include <charconv>
#include <exception>
#include <utility>
#include <vector>

namespace coroom::detail::templates {
namespace {

namespace fs = std::filesystem;
namespace mustache = kainjow::mustache;

/// Returns ", line 3" for an error that ends in its position, such as "Unclosed tag at 57"; empty for others.
std::string line_of(std::string_view error, std::string_view text) {
  constexpr std::string_view before = " at ";
  const std::size_t place = error.rfind(before);
  if (place == std::string_view::npos) return {};
  std::size_t offset = 0;
  const std::string_view number = error.substr(place + before.size());
  if (std::from_chars(number.data(), number.data() + number.size(), offset).ec != std::errc()) return {};
  return ", line " + std::to_string(1 + std::ranges::count(text.substr(0, offset), '\n'));
}

/// Returns why a text does not parse; empty if it does.
std::string error_in(const std::string& text) {
  try {
    return mustache::mustache(text).error_message();
  } catch (const std::exception& error) {
    return error.what();
  }
}

/// Returns whether a name is in its canonical form, without redundant dots and slashes. So the cache holds at
/// most one entry a file.
bool is_plain(const fs::path& name) {
  return !name.empty() && name.is_relative() && *name.begin() != ".." &&
         name.native() == name.lexically_normal().native();
}

/// Loads a template and, recursively, its included templates.
class Loader {
 public:
  explicit Loader(const fs::path& root) : root_(root) {}

  Result<std::string> load(const std::string& name) {
    const auto file = is_plain(name) ? detail::file_below(root_, name) : std::nullopt;
    auto text = file ? detail::read_file(*file) : std::nullopt;
    if (!text) return failure("template " + name + ": there is no such file in " + root_.string());
    const std::string error = error_in(*text);
    if (!error.empty()) return failure("template " + file->string() + line_of(error, *text) + ": " + error);

    open_.push_back(name);
    for (const std::string& included : included_in(*text)) {
      if (auto taken = include(included, *file); !taken) return tl::unexpected(taken.error());
    }
    open_.pop_back();
    return std::move(*text);
  }

  Partials take_partials() { return std::move(partials_); }

 private:
  Result<> include(const std::string& name, const fs::path& by) {
    if (std::ranges::find(open_, name) != open_.end())
      return failure("template " + by.string() + ": includes " + name + ", which includes it");
    if (partials_.contains(name)) return {};
    auto text = load(name);
    if (!text) return failure(text.error().message + " (included by " + by.string() + ")");
    partials_.emplace(name, mustache::data(*text));
    return {};
  }

  const fs::path& root_;
  Partials partials_;
  std::vector<std::string> open_;  // the chain of templates that include the current one
};

}  // namespace

Result<std::shared_ptr<const Template>> Template::load(const fs::path& root, std::string_view name) {
  Loader loader(root);
  auto text = loader.load(std::string(name));
  if (!text) return tl::unexpected(text.error());
  return std::make_shared<const Template>((root / name).string(), *text, loader.take_partials());
}

Template::Template(std::string name, const std::string& text, Partials partials)
    : name_(std::move(name)), compiled_(text), partials_(std::move(partials)) {}

Result<std::string> Template::render(const boost::json::value& context, const StaticUrl& static_url) const {
  const mustache::data data = to_data(context);
  TemplateContext lookup(data, partials_, static_url);
  std::string text = compiled_.render(lookup);
  if (!lookup.error().empty()) return failure("template " + name_ + ": " + lookup.error());
  return text;
}

}  // namespace coroom::detail::templates
