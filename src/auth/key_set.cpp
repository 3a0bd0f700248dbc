#include "auth/key_set.hpp"

#include "auth/json_web_key.hpp"
#include "core/folder.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>

#include <utility>

namespace coroom::detail::auth {
namespace {

namespace json = boost::json;

constexpr std::size_t most_keys = 100;  // issuers have two or three

}  // namespace

Result<KeySet> parse_key_set(std::string_view document) {
  if (document.size() > longest_key_set) return failure("the key set is longer than 1 MiB");
  boost::system::error_code ec;
  const json::value value = json::parse(json::string_view(document.data(), document.size()), ec);
  if (ec) return failure("the key set is not JSON");
  const json::object* const fields = value.if_object();
  const json::value* const listed = fields == nullptr ? nullptr : fields->if_contains("keys");
  const json::array* const keys = listed == nullptr ? nullptr : listed->if_array();
  if (keys == nullptr) return failure(R"(the key set is not a JSON object with an array "keys")");
  if (keys->size() > most_keys) return failure("the key set has more than 100 keys");
  KeySet set;
  for (const json::value& each : *keys) {
    const json::object* const key = each.if_object();
    auto read = key == nullptr ? std::nullopt : read_json_web_key(*key);
    if (read) {
      set.keys.push_back(std::move(*read));
    } else {
      ++set.skipped;
    }
  }
  if (set.keys.empty()) {
    return failure(
        "the key set has no key that verifies tokens: RSA with at least 2048 bits, P-256, P-384, P-521 or "
        "Ed25519");
  }
  return set;
}

Result<KeySet> read_key_set(const std::string& file) {
  const auto content = detail::read_file(file);
  if (!content) return failure("'" + file + "' cannot be read");
  auto set = parse_key_set(*content);
  return set ? std::move(set) : failure("'" + file + "': " + set.error().message);
}

}  // namespace coroom::detail::auth
