// Templates. The input: a template, a zero byte, and the template that the first may include as `part`.
#include "core/folder.hpp"
#include "fuzz/require.hpp"
#include "fuzz/text.hpp"
#include "fuzz/try_input.hpp"
#include "support/temporary.hpp"
#include "templates/tags.hpp"
#include "templates/template.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace coroom::fuzz {
namespace {

constexpr std::string_view dangerous = "<script>";

// Lists have one member, because nested sections would multiply more.
const boost::json::value& context() {
  static const boost::json::value made = boost::json::parse(
      R"({"a": "<script>", "b": [{"a": "<script>", "c": "d"}], "c": {"d": {"a": 1.5}}, "n": -7, "t": true, "f": false, "z": null})");
  return made;
}

/// Returns whether the template escapes all values and contains no markup of its own.
bool is_careful(std::string_view text) {
  return text.find_first_of("&=") == std::string_view::npos && text.find("{{{") == std::string_view::npos &&
         text.find_first_of("<>") == std::string_view::npos;
}

}  // namespace

int try_input(const std::uint8_t* data, std::size_t size) {
  static const test::TemporaryFolder folder;
  std::string_view text = text_of(data, size);
  const std::string_view page = take_until(text, '\0');
  folder.write("page", page);
  folder.write("part", text);
  detail::templates::included_in(page);
  const auto loaded = detail::templates::Template::load(*detail::readable_folder(folder.path()), "page");
  if (!loaded) {
    require(loaded.error().message.find("page") != std::string::npos, "an error names the file");
    return 0;
  }
  const auto address = [](std::string_view path) { return "/static/" + std::string(path); };
  const auto rendered = (*loaded)->render(context(), address);
  const auto again = (*loaded)->render(context(), address);
  require(rendered.has_value() == again.has_value() && (!rendered || *rendered == *again),
          "it renders the same page again");
  if (rendered && is_careful(page) && is_careful(text))
    require(rendered->find(dangerous) == std::string::npos, "inserted values are escaped");
  return 0;
}

}  // namespace coroom::fuzz
