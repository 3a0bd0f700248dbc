#include "room/batch.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace coroom::detail::room {
namespace {

RoomEvent publish(std::string text) {
  return event::Publish(Publication(Publication::Kind::text, nullptr, std::move(text)), nullptr, nullptr,
                        nullptr);
}

Batch batch_of(std::vector<std::string> texts) {
  Batch batch;
  for (std::string& text : texts) {
    batch.reserve_one();
    batch.add(publish(std::move(text)));
  }
  return batch;
}

std::vector<std::uint64_t> offsets(const std::vector<Publication>& publications) {
  std::vector<std::uint64_t> all;
  all.reserve(publications.size());
  for (const Publication& publication : publications) all.push_back(publication.offset);
  return all;
}

TEST(Batch, KeepsThePublicationsApartInTheirOrder) {
  Batch batch;
  batch.add(publish("one"));
  batch.add(event::Wake());
  batch.add(publish("two"));
  EXPECT_EQ(batch.size(), 3);
  ASSERT_EQ(batch.publications()->size(), 2);
  std::vector<std::string> applied;
  batch.for_each([&](const RoomEvent& event, const Publication* publication) {
    EXPECT_EQ(publication != nullptr, std::holds_alternative<event::Publish>(event));
    applied.push_back(publication != nullptr ? publication->data : "none");
  });
  EXPECT_THAT(applied, testing::ElementsAre("one", "none", "two"));
}

TEST(Batch, NumbersThePublications) {
  Batch batch = batch_of({"one", "two", "three"});
  batch.number(7);
  EXPECT_THAT(offsets(*batch.publications()), testing::ElementsAre(5, 6, 7));
}

TEST(Batch, CopiesPublicationsThatABrokerStillReads) {
  Batch batch = batch_of({"one"});
  const auto of_the_broker = batch.publications();
  batch.number(1);
  EXPECT_THAT(offsets(*of_the_broker), testing::ElementsAre(0));
  EXPECT_THAT(offsets(*batch.publications()), testing::ElementsAre(1));
  EXPECT_EQ(batch.publications()->front().data, "one");
}

}  // namespace
}  // namespace coroom::detail::room
