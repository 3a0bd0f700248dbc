#include "http/body.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace coroom::detail::http {
namespace {

using Verdict = BodyMemory::Verdict;

constexpr std::size_t body_limit = 100'000;

std::shared_ptr<detail::limits::AddressQuota> quota_with(std::size_t body_memory) {
  return std::make_shared<detail::limits::AddressQuota>(
      detail::limits::AddressQuota::Limits{.body_memory = body_memory});
}

class HttpBodyTest : public testing::Test {
 protected:
  using RequestParser = boost::beast::http::request_parser<IncomingBody>;

  /// A parser that has read the head.
  static std::unique_ptr<RequestParser> after_head(std::size_t length) {
    auto parser = std::make_unique<RequestParser>();
    boost::beast::error_code ec;
    const std::string head = "POST / HTTP/1.1\r\nContent-Length: " + std::to_string(length) + "\r\n\r\n";
    parser->put(boost::asio::buffer(head), ec);
    parser->eager(true);
    return parser;
  }

  static boost::beast::error_code put(RequestParser& parser, std::string_view text) {
    boost::beast::error_code ec;
    parser.put(boost::asio::buffer(text), ec);
    return ec;
  }

  detail::limits::ByteBudget all_{50'000};
};

TEST_F(HttpBodyTest, RejectsBytesBeyondTheBudget) {
  detail::limits::ByteBudget budget(10);
  EXPECT_TRUE(budget.take(10));
  EXPECT_FALSE(budget.take(1));
  budget.give_back(4);
  EXPECT_FALSE(budget.take(5));
  EXPECT_TRUE(budget.take(4));
  detail::limits::ByteBudget unlimited(0);
  EXPECT_TRUE(unlimited.take(1'000'000));
}

TEST_F(HttpBodyTest, ChargesAndReleasesBothBudgets) {
  const auto quota = quota_with(20'000);
  detail::limits::ByteBudget all(50'000);
  {
    BodyMemory memory(quota, all);
    EXPECT_EQ(memory.grow_to(BodyMemory::uncounted), Verdict::granted);
    EXPECT_EQ(all.used(), 0);
    EXPECT_EQ(memory.grow_to(15'000), Verdict::granted);
    EXPECT_EQ(memory.grow_to(12'000), Verdict::granted);
    EXPECT_EQ(all.used(), 15'000);
    EXPECT_EQ(memory.grow_to(20'001), Verdict::address_full);
    EXPECT_EQ(quota->bodies().used(), 15'000);
  }
  EXPECT_EQ(all.used(), 0);
  EXPECT_EQ(quota->bodies().used(), 0);
}

TEST_F(HttpBodyTest, ReleasesTheAddressIfTheServerIsFull) {
  const auto quota = quota_with(20'000);
  detail::limits::ByteBudget all(10'000);
  BodyMemory memory(quota, all);
  EXPECT_EQ(memory.grow_to(15'000), Verdict::server_full);
  EXPECT_EQ(quota->bodies().used(), 0);
}

TEST_F(HttpBodyTest, ChargesOnlyReceivedBytes) {
  BodyMemory memory(nullptr, all_);
  const auto parser = after_head(body_limit);
  parser->get().body().keep_in(memory, body_limit);
  put(*parser, std::string(6'000, 'a'));
  EXPECT_LT(all_.used(), 20'000) << "the announced length is not charged";
  EXPECT_GE(all_.used(), 6'000);
  EXPECT_EQ(parser->get().body().release(), std::string(6'000, 'a'));
}

TEST_F(HttpBodyTest, StopsAtTheMemoryLimit) {
  BodyMemory memory(nullptr, all_);
  const auto parser = after_head(body_limit);
  parser->get().body().keep_in(memory, body_limit);
  EXPECT_TRUE(put(*parser, std::string(60'000, 'a')));
  EXPECT_EQ(parser->get().body().verdict(), Verdict::server_full);
  EXPECT_EQ(parser->get().body().release(), "");
}

TEST_F(HttpBodyTest, CountsDiscardedBytes) {
  const auto parser = after_head(60'000);
  EXPECT_FALSE(put(*parser, std::string(60'000, 'a')));
  EXPECT_TRUE(parser->is_done());
  EXPECT_EQ(parser->get().body().received(), 60'000);
  EXPECT_EQ(parser->get().body().release(), "");
  EXPECT_EQ(all_.used(), 0);
}

TEST_F(HttpBodyTest, LimitsChunkFraming) {
  const FramingLimit limit(1000);
  EXPECT_TRUE(limit.allows(600'000, 100'000, 5));
  EXPECT_FALSE(limit.allows(2'000'000, 100'000, 5)) << "each byte has an extension";
  EXPECT_TRUE(limit.allows(1000, 0, 1000));
  EXPECT_FALSE(limit.allows(1001, 0, 0));
  EXPECT_FALSE(limit.allows(600'000, 100'000, 1001)) << "a line without an end, after much data";
}

}  // namespace
}  // namespace coroom::detail::http
