#include "limits/address_limits.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <tuple>
#include <vector>

namespace coroom::detail::limits {
namespace {

using namespace std::chrono_literals;
using boost::asio::ip::make_address;
using ConnectionSlot = AddressLimits::ConnectionSlot;

constexpr TokenBucket::TimePoint start(1000s);

class AddressLimitsTest : public testing::Test {
 protected:
  void limit(std::size_t connections, std::size_t new_a_second, const std::vector<std::string>& exempt = {}) {
    limits_ = std::make_unique<AddressLimits>(AddressLimits::Limits{connections, new_a_second});
    limits_->exempt(parse_networks(exempt).value());
  }

  std::unique_ptr<ConnectionSlot> connect(const std::string& address, TokenBucket::TimePoint now = start) {
    return std::make_unique<ConnectionSlot>(*limits_, make_address(address), now);
  }

  /// Opens and closes `times` connections. Returns the verdict of the last one.
  Admission connect_and_close(const std::string& address, int times, TokenBucket::TimePoint now = start) {
    Admission last = Admission::admitted;
    for (; times != 0; --times) last = connect(address, now)->admission();
    return last;
  }

  std::unique_ptr<AddressLimits> limits_;
};

TEST_F(AddressLimitsTest, CountsOpenConnections) {
  limit(2, 0);
  auto first = connect("192.0.2.1");
  const auto second = connect("192.0.2.1");
  EXPECT_EQ(second->admission(), Admission::admitted);
  EXPECT_EQ(connect("192.0.2.1")->admission(), Admission::too_many);
  EXPECT_EQ(connect("192.0.2.2")->admission(), Admission::admitted) << "each address has its own limit";
  first.reset();
  EXPECT_EQ(connect("192.0.2.1")->admission(), Admission::admitted) << "rejected connections do not count";
}

TEST_F(AddressLimitsTest, CountsAnIpv6NetworkOf64BitsAsOne) {
  limit(1, 0);
  const auto first = connect("2001:db8:1:2::1");
  EXPECT_EQ(connect("2001:db8:1:2:ffff::9")->admission(), Admission::too_many);
  EXPECT_EQ(connect("2001:db8:1:3::1")->admission(), Admission::admitted);
}

TEST_F(AddressLimitsTest, UnmapsIpv4Addresses) {
  limit(1, 0);
  const auto first = connect("::ffff:192.0.2.1");
  EXPECT_EQ(connect("192.0.2.1")->admission(), Admission::too_many);
  EXPECT_EQ(connect("::ffff:192.0.2.2")->admission(), Admission::admitted);
}

TEST_F(AddressLimitsTest, LimitsTheRateOfNewConnections) {
  limit(0, 3);
  EXPECT_EQ(connect_and_close("192.0.2.1", 30), Admission::admitted);
  EXPECT_EQ(connect_and_close("192.0.2.1", 1), Admission::too_many);
  EXPECT_EQ(connect_and_close("192.0.2.2", 1), Admission::admitted);
  EXPECT_EQ(connect_and_close("192.0.2.1", 2, start + 1s), Admission::admitted);
}

TEST_F(AddressLimitsTest, ReportsAFloodAfterRepeatedRejections) {
  limit(0, 3);
  EXPECT_EQ(connect_and_close("192.0.2.1", 60), Admission::too_many);
  EXPECT_EQ(connect_and_close("192.0.2.1", 2), Admission::flood);
  EXPECT_EQ(connect_and_close("192.0.2.1", 1, start + 1min), Admission::admitted)
      << "the flood ends with a pause";
}

TEST_F(AddressLimitsTest, DoesNotChargeRejectedConnections) {
  limit(0, 3);
  EXPECT_EQ(connect_and_close("192.0.2.1", 1000), Admission::flood);
  EXPECT_EQ(connect_and_close("192.0.2.1", 1, start + 1s), Admission::admitted);
}

TEST_F(AddressLimitsTest, LimitsPendingRejections) {
  limit(1, 0);
  const auto first = connect("192.0.2.1");
  std::vector<std::unique_ptr<ConnectionSlot>> rejected;
  while (rejected.empty() || rejected.back()->admission() == Admission::too_many)
    rejected.push_back(connect("192.0.2.1"));
  EXPECT_EQ(rejected.back()->admission(), Admission::flood);
  EXPECT_EQ(rejected.size(), 65);
  rejected.clear();
  EXPECT_EQ(connect("192.0.2.1")->admission(), Admission::too_many);
}

TEST_F(AddressLimitsTest, ExemptsNetworks) {
  limit(1, 1, {"127.0.0.0/8", "2001:db8::/32"});
  for (const char* address : {"127.0.0.1", "::ffff:127.0.0.9", "2001:db8:1:2::1"}) {
    const auto first = connect(address);
    EXPECT_EQ(connect_and_close(address, 100), Admission::admitted) << address;
  }
}

TEST_F(AddressLimitsTest, SharesOneQuotaPerAddress) {
  limit(0, 0, {"203.0.113.0/24"});
  const auto quota = limits_->quota_of(make_address("192.0.2.1"), start);
  EXPECT_EQ(limits_->quota_of(make_address("::ffff:192.0.2.1"), start), quota);
  EXPECT_NE(limits_->quota_of(make_address("192.0.2.2"), start), quota);
  EXPECT_EQ(limits_->quota_of(make_address("203.0.113.1"), start), nullptr);
}

TEST_F(AddressLimitsTest, ForgetsIdleAddresses) {
  limit(5, 5);
  const auto stays = connect("198.51.100.1");
  for (int second = 0; second != 100; ++second) {
    for (int number = 0; number != 100; ++number)
      connect("10.0." + std::to_string(second) + "." + std::to_string(number), start + second * 1s);
  }
  for (int number = 0; number != 10'000; ++number)
    std::ignore = limits_->quota_of(
        make_address("10.1." + std::to_string(number / 250) + "." + std::to_string(number % 250)),
        start + 1000s);
  EXPECT_LT(limits_->size(), 4096);
  EXPECT_EQ(connect("198.51.100.1")->admission(), Admission::admitted);
}

}  // namespace
}  // namespace coroom::detail::limits
