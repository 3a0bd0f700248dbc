#include "centrifuge/filter_condition.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <functional>
#include <string_view>
#include <utility>

namespace coroom::detail::centrifuge {
namespace {

using Operator = Condition::Operator;
using std::string_view;

/// The fields with which a comparison compares.
enum class Operand : std::uint8_t { value, number, values, none };

struct Comparison {
  string_view name;
  Operator op;
  Operand operand;
};

constexpr std::array<Comparison, 13> comparisons{{
    {"eq", Operator::equal, Operand::value},
    {"neq", Operator::not_equal, Operand::value},
    {"in", Operator::in, Operand::values},
    {"nin", Operator::not_in, Operand::values},
    {"ex", Operator::exists, Operand::none},
    {"nex", Operator::not_exists, Operand::none},
    {"sw", Operator::starts_with, Operand::value},
    {"ew", Operator::ends_with, Operand::value},
    {"ct", Operator::contains, Operand::value},
    {"gt", Operator::greater, Operand::number},
    {"gte", Operator::greater_or_equal, Operand::number},
    {"lt", Operator::less, Operand::number},
    {"lte", Operator::less_or_equal, Operand::number},
}};

using Checked = tl::expected<Condition, std::string>;

tl::unexpected<std::string> invalid(std::string why) {
  return tl::unexpected(std::move(why));
}

std::string more_than(std::size_t most, const char* what) {
  return "the filter has more than " + std::to_string(most) + " " + what;
}

/// Checks a request from the top to the leaves, and stops at the first fault, so it recurses at most
/// `deepest_filter` levels.
class FilterCheck {
 public:
  Checked check(const FilterNode& node, std::size_t level) {
    if (level > deepest_filter) return invalid(more_than(deepest_filter, "levels"));
    if (++nodes_ > most_filter_nodes) return invalid(more_than(most_filter_nodes, "nodes"));
    if (node.op.empty()) return check_comparison(node);
    if (node.op == "and") return check_combination(node, Operator::all_of, level);
    if (node.op == "or") return check_combination(node, Operator::any_of, level);
    if (node.op != "not") return invalid("\"op\" is not \"and\", \"or\", \"not\" or empty");
    if (node.nodes.size() != 1) return invalid("\"not\" does not have exactly one node");
    return check_combination(node, Operator::none_of, level);
  }

 private:
  Checked check_combination(const FilterNode& node, Operator op, std::size_t level) {
    if (node.nodes.empty()) return invalid("\"" + node.op + "\" has no nodes");
    Condition condition{.op = op};
    for (const FilterNode& below : node.nodes) {
      auto checked = check(below, level + 1);
      if (!checked) return checked;
      condition.conditions.push_back(std::move(*checked));
    }
    return condition;
  }

  Checked check_comparison(const FilterNode& node) {
    const auto* found = std::ranges::find(comparisons, node.cmp, &Comparison::name);
    if (found == comparisons.end()) return invalid("\"cmp\" is not a comparison of the protocol");
    const Operand operand = found->operand;
    const auto because = [&](const char* why) { return invalid("\"" + node.cmp + "\" " + why); };
    if (node.key.empty() && operand != Operand::none) return because("has no key");
    const bool needs_value = operand == Operand::value || operand == Operand::number;
    if (needs_value && node.val.empty()) return because("has no val");
    if (!needs_value && !node.val.empty()) return because("takes no val");
    if (operand == Operand::values && node.vals.empty()) return because("has no vals");
    if (operand != Operand::values && !node.vals.empty()) return because("takes no vals");
    text_ += node.key.size() + node.val.size();
    for (const std::string& value : node.vals) text_ += value.size();
    values_ += node.vals.size();
    if (text_ > longest_filter_text) return invalid(more_than(longest_filter_text, "bytes of text"));
    if (values_ > most_filter_values) return invalid(more_than(most_filter_values, "values"));
    Condition condition{.op = found->op, .key = node.key, .value = node.val, .values = node.vals};
    std::ranges::sort(condition.values);
    const auto repeated = std::ranges::unique(condition.values);
    condition.values.erase(repeated.begin(), repeated.end());
    if (operand == Operand::number) condition.number = parse_decimal(node.val);
    return condition;
  }

  std::size_t nodes_ = 0;
  std::size_t values_ = 0;
  std::size_t text_ = 0;
};

/// Returns whether a comparison is met by the number of a tag.
bool is_met_by_number(const Condition& condition, string_view text) {
  if (!condition.number) return false;
  const auto number = parse_decimal(text);
  if (!number) return false;
  switch (condition.op) {
    case Operator::greater:
      return *number > *condition.number;
    case Operator::greater_or_equal:
      return *number >= *condition.number;
    case Operator::less:
      return *number < *condition.number;
    default:
      return *number <= *condition.number;
  }
}

/// Returns whether a comparison is met by a tag; nullptr: the tag is missing.
bool is_met_by(const Condition& condition, const std::string* tag) {
  const string_view text = tag == nullptr ? string_view() : string_view(*tag);
  switch (condition.op) {
    case Operator::exists:
      return tag != nullptr;
    case Operator::not_exists:
      return tag == nullptr;
    case Operator::equal:
      return tag != nullptr && text == condition.value;
    case Operator::not_equal:
      return tag == nullptr || text != condition.value;
    case Operator::in:
      return std::ranges::binary_search(condition.values, text, std::less<>());
    case Operator::not_in:
      return !std::ranges::binary_search(condition.values, text, std::less<>());
    case Operator::starts_with:
      return tag != nullptr && text.starts_with(condition.value);
    case Operator::ends_with:
      return tag != nullptr && text.ends_with(condition.value);
    case Operator::contains:
      return tag != nullptr && text.find(condition.value) != string_view::npos;
    default:
      return tag != nullptr && is_met_by_number(condition, text);
  }
}

void append_canonical(std::string& bytes, const Condition& condition);

/// The size in front of each part keeps different parts from being the same bytes.
void append_canonical(std::string& bytes, const std::string& text) {
  bytes.append(std::to_string(text.size())).append(":").append(text);
}

template <class T>
void append_canonical(std::string& bytes, const std::vector<T>& parts) {
  bytes.append(std::to_string(parts.size())).append(":");
  for (const T& part : parts) append_canonical(bytes, part);
}

void append_canonical(std::string& bytes, const Condition& condition) {
  bytes += static_cast<char>('a' + static_cast<int>(condition.op));
  append_canonical(bytes, condition.key);
  append_canonical(bytes, condition.value);
  append_canonical(bytes, condition.values);
  append_canonical(bytes, condition.conditions);
}

}  // namespace

tl::expected<Condition, std::string> condition_of(const FilterNode& node) {
  return FilterCheck().check(node, 1);
}

bool is_met(const Condition& condition, const Tags& tags) {
  const auto is_met_below = [&](const Condition& below) { return is_met(below, tags); };
  if (condition.op == Operator::all_of) return std::ranges::all_of(condition.conditions, is_met_below);
  if (condition.op == Operator::any_of) return std::ranges::any_of(condition.conditions, is_met_below);
  if (condition.op == Operator::none_of) return std::ranges::none_of(condition.conditions, is_met_below);
  const auto tag = tags.find(condition.key);
  return is_met_by(condition, tag == tags.end() ? nullptr : &tag->second);
}

std::string canonical(const Condition& condition) {
  std::string bytes;
  append_canonical(bytes, condition);
  return bytes;
}

}  // namespace coroom::detail::centrifuge
