#include "centrifuge/tag_filter.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace coroom::detail::centrifuge {
namespace {

using testing::HasSubstr;

FilterNode leaf(std::string key, std::string cmp, std::string val = {}) {
  return {
      .op = {}, .key = std::move(key), .cmp = std::move(cmp), .val = std::move(val), .vals = {}, .nodes = {}};
}

FilterNode leaf_of(std::string key, std::string cmp, std::vector<std::string> vals) {
  FilterNode node = leaf(std::move(key), std::move(cmp));
  node.vals = std::move(vals);
  return node;
}

FilterNode combined(std::string op, std::vector<FilterNode> nodes) {
  FilterNode node;
  node.op = std::move(op);
  node.nodes = std::move(nodes);
  return node;
}

TagFilterPtr filter(const FilterNode& node) {
  auto made = TagFilter::make(node);
  if (!made) throw std::invalid_argument(made.error());
  return *made;
}

std::string fault_of(const FilterNode& node) {
  const auto made = TagFilter::make(node);
  return made ? "no fault" : made.error();
}

/// Returns whether a filter accepts a publication with the one tag "t".
bool accepts(const FilterNode& node, std::string value) {
  const Tags tags{{"t", std::move(value)}};
  return filter(node)->matches(&tags);
}

bool accepts_without_tags(const FilterNode& node) {
  const Tags others{{"other", "a"}};
  const bool accepts = filter(node)->matches(nullptr);
  EXPECT_EQ(filter(node)->matches(&others), accepts);
  return accepts;
}

/// Returns nested negations with this number of levels.
FilterNode nested(std::size_t levels) {
  FilterNode node = leaf("t", "ex");
  while (--levels != 0) node = combined("not", {std::move(node)});
  return node;
}

TEST(TagFilter, ComparesForEquality) {
  EXPECT_TRUE(accepts(leaf("t", "eq", "a"), "a"));
  EXPECT_FALSE(accepts(leaf("t", "eq", "a"), "A"));
  EXPECT_FALSE(accepts(leaf("t", "neq", "a"), "a"));
  EXPECT_TRUE(accepts(leaf("t", "neq", "a"), "b"));
  EXPECT_FALSE(accepts(leaf("t", "eq", "1"), "1.0")) << "text, not numbers";
}

TEST(TagFilter, FindsValuesInLists) {
  const std::vector<std::string> values{"c", "a", "b", "a"};
  for (const char* in : {"a", "b", "c"}) {
    EXPECT_TRUE(accepts(leaf_of("t", "in", values), in));
    EXPECT_FALSE(accepts(leaf_of("t", "nin", values), in));
  }
  EXPECT_FALSE(accepts(leaf_of("t", "in", values), "d"));
  EXPECT_TRUE(accepts(leaf_of("t", "nin", values), "d"));
}

TEST(TagFilter, ChecksExistence) {
  EXPECT_TRUE(accepts(leaf("t", "ex"), ""));
  EXPECT_FALSE(accepts(leaf("t", "nex"), ""));
  EXPECT_FALSE(accepts(leaf("u", "ex"), "a"));
  EXPECT_TRUE(accepts(leaf("u", "nex"), "a"));
}

TEST(TagFilter, ComparesPartsOfText) {
  EXPECT_TRUE(accepts(leaf("t", "sw", "ab"), "abc"));
  EXPECT_FALSE(accepts(leaf("t", "sw", "bc"), "abc"));
  EXPECT_TRUE(accepts(leaf("t", "ew", "bc"), "abc"));
  EXPECT_FALSE(accepts(leaf("t", "ew", "ab"), "abc"));
  EXPECT_TRUE(accepts(leaf("t", "ct", "b"), "abc"));
  EXPECT_FALSE(accepts(leaf("t", "ct", "ac"), "abc"));
  EXPECT_FALSE(accepts(leaf("t", "sw", "abcd"), "abc"));
}

TEST(TagFilter, ComparesNumbers) {
  const auto met = [](const char* value) {
    std::string all;
    for (const char* cmp : {"lt", "lte", "gte", "gt"})
      if (accepts(leaf("t", cmp, "10"), value)) all.append(cmp).append(" ");
    return all;
  };
  EXPECT_EQ(met("9"), "lt lte ");
  EXPECT_EQ(met("10.0"), "lte gte ");
  EXPECT_EQ(met("10.0000000000000000001"), "gte gt ");
  EXPECT_EQ(met("ten"), "");
  EXPECT_EQ(met("1e2"), "");
  EXPECT_FALSE(accepts(leaf("t", "gt", "ten"), "11")) << "neither is greater than what is no number";
}

TEST(TagFilter, TreatsMissingTagsAsOtherServers) {
  for (const char* cmp : {"eq", "sw", "ew", "ct", "gt", "gte", "lt", "lte"})
    EXPECT_FALSE(accepts_without_tags(leaf("t", cmp, "0"))) << cmp;
  EXPECT_TRUE(accepts_without_tags(leaf("t", "neq", "0")));
  EXPECT_FALSE(accepts_without_tags(leaf("t", "ex")));
  EXPECT_TRUE(accepts_without_tags(leaf("t", "nex")));
  EXPECT_FALSE(accepts_without_tags(leaf_of("t", "in", {"a"})));
  EXPECT_TRUE(accepts_without_tags(leaf_of("t", "in", {""})));
  EXPECT_TRUE(accepts_without_tags(leaf_of("t", "nin", {"a"})));
  EXPECT_FALSE(accepts_without_tags(leaf_of("t", "nin", {""})));
}

TEST(TagFilter, CombinesConditions) {
  const FilterNode a = leaf("t", "ct", "a");
  const FilterNode b = leaf("t", "ct", "b");
  EXPECT_TRUE(accepts(combined("and", {a, b}), "ab"));
  EXPECT_FALSE(accepts(combined("and", {a, b}), "a"));
  EXPECT_TRUE(accepts(combined("or", {a, b}), "b"));
  EXPECT_FALSE(accepts(combined("or", {a, b}), "c"));
  EXPECT_TRUE(accepts(combined("not", {a}), "b"));
  EXPECT_FALSE(accepts(combined("not", {a}), "a"));
  const FilterNode either =
      combined("and", {combined("or", {a, b}), combined("not", {combined("and", {a, b})})});
  EXPECT_TRUE(accepts(either, "a"));
  EXPECT_TRUE(accepts(either, "b"));
  EXPECT_FALSE(accepts(either, "ab"));
  EXPECT_FALSE(accepts(either, "c"));
}

TEST(TagFilter, RejectsIncompleteConditions) {
  EXPECT_THAT(fault_of(FilterNode()), HasSubstr("\"cmp\""));
  EXPECT_THAT(fault_of(leaf("t", "like", "a")), HasSubstr("\"cmp\""));
  EXPECT_THAT(fault_of(combined("xor", {leaf("t", "ex")})), HasSubstr("\"op\""));
  EXPECT_EQ(fault_of(leaf("", "eq", "a")), "\"eq\" has no key");
  EXPECT_EQ(fault_of(leaf("t", "gt")), "\"gt\" has no val");
  EXPECT_EQ(fault_of(leaf("t", "in")), "\"in\" has no vals");
  EXPECT_EQ(fault_of(leaf("t", "ex", "a")), "\"ex\" takes no val");
  EXPECT_EQ(fault_of(leaf_of("t", "eq", {"a"})), "\"eq\" has no val");
  FilterNode both = leaf_of("t", "sw", {"a"});
  both.val = "a";
  EXPECT_EQ(fault_of(both), "\"sw\" takes no vals");
  EXPECT_EQ(fault_of(combined("and", {})), "\"and\" has no nodes");
  EXPECT_EQ(fault_of(combined("or", {})), "\"or\" has no nodes");
  for (const std::size_t count : {0U, 2U})
    EXPECT_THAT(fault_of(combined("not", std::vector(count, leaf("t", "ex")))), HasSubstr("exactly one"));
  EXPECT_EQ(fault_of(combined("not", {leaf("", "eq", "a")})), "\"eq\" has no key") << "also below";
}

TEST(TagFilter, LimitsItsSize) {
  EXPECT_EQ(fault_of(nested(deepest_filter)), "no fault");
  EXPECT_THAT(fault_of(nested(deepest_filter + 1)), HasSubstr("15 levels"));
  EXPECT_THAT(fault_of(nested(1'000)), HasSubstr("15 levels"));

  const auto wide = [](std::size_t nodes) { return combined("or", std::vector(nodes - 1, leaf("t", "ex"))); };
  EXPECT_EQ(fault_of(wide(most_filter_nodes)), "no fault");
  EXPECT_THAT(fault_of(wide(most_filter_nodes + 1)), HasSubstr("100 nodes"));

  const auto listed = [](std::size_t values) {
    return leaf_of("t", "in", std::vector<std::string>(values, "a"));
  };
  EXPECT_EQ(fault_of(listed(most_filter_values)), "no fault");
  EXPECT_THAT(fault_of(listed(most_filter_values + 1)), HasSubstr("1000 values"));

  const auto long_one = [](std::size_t bytes) { return leaf("t", "eq", std::string(bytes - 1, 'a')); };
  EXPECT_EQ(fault_of(long_one(longest_filter_text)), "no fault");
  EXPECT_THAT(fault_of(long_one(longest_filter_text + 1)), HasSubstr("8192 bytes"));
}

TEST(TagFilter, SharesEqualFilters) {
  const FilterNode node = combined("and", {leaf("t", "gt", "1"), leaf_of("u", "in", {"a", "b"})});
  const TagFilterPtr one = filter(node);
  EXPECT_EQ(filter(node), one);
  FilterNode same = node;
  same.key = "ignored by and";
  same.nodes[1].vals = {"b", "a", "b"};
  EXPECT_EQ(filter(same), one);
  FilterNode other = node;
  other.nodes[0].cmp = "gte";
  EXPECT_NE(filter(other), one);
  EXPECT_NE(filter(combined("or", node.nodes)), one);
}

TEST(TagFilter, TellsSimilarFiltersApart) {
  EXPECT_NE(filter(leaf("ab", "eq", "c")), filter(leaf("a", "eq", "bc")));
  EXPECT_NE(filter(leaf_of("t", "in", {"ab", "c"})), filter(leaf_of("t", "in", {"a", "bc"})));
  EXPECT_NE(filter(leaf_of("t", "in", {"1:a"})), filter(leaf_of("t", "in", {"1", "a"})));
}

TEST(TagFilter, IsReleasedByItsLastUser) {
  const std::size_t before = TagFilter::count();
  TagFilterPtr one = filter(leaf("released", "ex"));
  TagFilterPtr two = filter(leaf("released", "ex"));
  EXPECT_EQ(TagFilter::count(), before + 1);
  one.reset();
  EXPECT_EQ(TagFilter::count(), before + 1);
  EXPECT_EQ(filter(leaf("released", "ex")), two);
  two.reset();
  EXPECT_EQ(TagFilter::count(), before);
  EXPECT_FALSE(TagFilter::make(leaf("rejected", "eq")));
  EXPECT_EQ(TagFilter::count(), before);
}

TEST(TagFilter, IsSharedBetweenThreads) {
  const std::size_t before = TagFilter::count();
  {
    std::vector<std::jthread> threads;
    for (int thread = 0; thread != 4; ++thread)
      threads.emplace_back([] {
        const Tags tags{{"t", "7"}};
        for (int time = 0; time != 2000; ++time) {
          const TagFilterPtr one = filter(leaf("t", "eq", std::to_string(time % 8)));
          const TagFilterPtr two = filter(leaf("t", "eq", std::to_string(time % 8)));
          EXPECT_EQ(one, two);
          EXPECT_EQ(one->matches(&tags), time % 8 == 7);
        }
      });
  }
  EXPECT_EQ(TagFilter::count(), before);
}

}  // namespace
}  // namespace coroom::detail::centrifuge
