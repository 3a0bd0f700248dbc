#include "centrifuge/filter_json.hpp"

#include <boost/json/monotonic_resource.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <cstddef>
#include <string>
#include <utility>

namespace coroom::detail::centrifuge {
namespace {

namespace json = boost::json;

tl::unexpected<Error> not_a(const char* type, const char* field) {
  return failure(std::string("the field \"") + field + "\" of the filter is not " + type);
}

/// Returns nullptr if the field is absent or null.
const json::value* find(const json::object& object, const char* field) {
  const json::value* value = object.if_contains(field);
  return value == nullptr || value->is_null() ? nullptr : value;
}

Result<> read_text(const json::object& object, const char* field, std::string& into) {
  const json::value* value = find(object, field);
  if (value == nullptr) return {};
  if (!value->is_string()) return not_a("a string", field);
  into = value->get_string();
  return {};
}

Result<> read_texts(const json::object& object, const char* field, std::vector<std::string>& into) {
  const json::value* value = find(object, field);
  if (value == nullptr) return {};
  if (!value->is_array()) return not_a("an array of strings", field);
  for (const json::value& one : value->get_array()) {
    if (!one.is_string()) return not_a("an array of strings", field);
    into.emplace_back(one.get_string());
  }
  return {};
}

/// Recurses at most as deep as the parser lets JSON nest.
Result<FilterNode> read_node(const json::object& object, std::size_t& nodes) {
  if (++nodes > most_filter_nodes)
    return failure("the filter has more than " + std::to_string(most_filter_nodes) + " nodes");
  FilterNode node;
  for (const auto& [field, into] : {std::pair("op", &node.op), std::pair("key", &node.key),
                                    std::pair("cmp", &node.cmp), std::pair("val", &node.val)})
    if (auto read = read_text(object, field, *into); !read) return tl::unexpected(std::move(read).error());
  if (auto read = read_texts(object, "vals", node.vals); !read)
    return tl::unexpected(std::move(read).error());
  const json::value* below = find(object, "nodes");
  if (below == nullptr) return node;
  if (!below->is_array()) return not_a("an array of objects", "nodes");
  for (const json::value& one : below->get_array()) {
    if (!one.is_object()) return not_a("an array of objects", "nodes");
    auto read = read_node(one.get_object(), nodes);
    if (!read) return read;
    node.nodes.push_back(std::move(*read));
  }
  return node;
}

}  // namespace

Result<FilterNode> filter_of_json(std::string_view json) {
  boost::system::error_code ec;
  json::monotonic_resource memory;
  json::parse_options options;
  options.max_depth = 2 * deepest_filter;  // each level is an object and an array
  const json::value value = json::parse(json::string_view(json.data(), json.size()), ec, &memory, options);
  if (ec == json::error::too_deep)
    return failure("the filter has more than " + std::to_string(deepest_filter) + " levels");
  if (ec) return failure("the filter is not JSON");
  if (!value.is_object()) return failure("the filter is not an object");
  std::size_t nodes = 0;
  return read_node(value.get_object(), nodes);
}

}  // namespace coroom::detail::centrifuge
