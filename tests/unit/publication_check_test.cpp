#include "application/publication_check.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>

namespace coroom::detail::application {
namespace {

Publication tagged(Tags tags) {
  Publication publication = Publication::of("text");
  publication.tags = std::make_shared<const Tags>(std::move(tags));
  return publication;
}

Result<> checked(Tags tags) {
  Publication publication = tagged(std::move(tags));
  return check(publication);
}

Tags many(std::size_t count) {
  Tags tags;
  while (tags.size() != count) tags.emplace(std::to_string(tags.size()), "");
  return tags;
}

TEST(PublicationCheck, AcceptsTags) {
  Publication publication = tagged({{"lang", "de"}, {"梅", ""}});
  const auto tags = publication.tags;
  EXPECT_TRUE(check(publication));
  EXPECT_EQ(publication.tags, tags);
}

TEST(PublicationCheck, DropsEmptyTags) {
  Publication publication = tagged({});
  EXPECT_TRUE(check(publication));
  EXPECT_EQ(publication.tags, nullptr);
}

TEST(PublicationCheck, RejectsTagsThatAreNotUtf8) {
  for (const Tags& tags : {Tags{{"\xff", "a"}}, Tags{{"a", "b"}, {"c", "\xff"}}}) {
    const auto result = checked(tags);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, Errc::invalid_text);
  }
}

TEST(PublicationCheck, LimitsTags) {
  EXPECT_TRUE(checked(many(64)));
  const auto too_many = checked(many(65));
  ASSERT_FALSE(too_many);
  EXPECT_EQ(too_many.error().code, Errc::invalid_argument);
  EXPECT_EQ(too_many.error().message, "65 tags are more than 64");
  EXPECT_TRUE(checked({{"a", std::string(8191, 'x')}}));
  const auto too_long = checked({{"a", std::string(4096, 'x')}, {"b", std::string(4095, 'x')}});
  ASSERT_FALSE(too_long);
  EXPECT_EQ(too_long.error().code, Errc::invalid_argument);
  EXPECT_EQ(too_long.error().message, "the tags have 8193 bytes, more than 8192");
}

}  // namespace
}  // namespace coroom::detail::application
