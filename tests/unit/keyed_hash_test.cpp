#include "core/keyed_hash.hpp"

#include <boost/asio/ip/address.hpp>
#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <future>
#include <set>
#include <string>

namespace coroom::detail {
namespace {

TEST(KeyedHash, IsTheSameOnAllThreads) {
  const std::uint64_t here = keyed_hash("tea");
  EXPECT_EQ(keyed_hash("tea"), here);
  EXPECT_EQ(std::async(std::launch::async, [] { return keyed_hash("tea"); }).get(), here);
}

TEST(KeyedHash, SeparatesNamesChosenByClients) {
  std::set<std::uint64_t> hashes;
  for (int number = 0; number != 10'000; ++number)
    hashes.insert(keyed_hash("room " + std::to_string(number)));
  EXPECT_EQ(hashes.size(), 10'000);
}

/// Hashes names that std::hash, which has no secret, puts into one of 64 buckets.
TEST(KeyedHash, SpreadsNamesThatCollideWithoutASecret) {
  constexpr std::size_t buckets = 64;
  std::set<std::size_t> used;
  for (int number = 0; number != 20'000; ++number) {
    const std::string name = std::to_string(number);
    if (std::hash<std::string>()(name) % buckets == 0) used.insert(keyed_hash(name) % buckets);
  }
  EXPECT_GT(used.size(), buckets / 2);
}

TEST(KeyedHash, HashesIpv4AndIpv6Addresses) {
  const KeyedHash hash;
  const auto address = [](const char* text) { return boost::asio::ip::make_address(text); };
  EXPECT_EQ(hash(address("192.0.2.1")), hash(address("192.0.2.1")));
  EXPECT_NE(hash(address("192.0.2.1")), hash(address("192.0.2.2")));
  EXPECT_NE(hash(address("2001:db8::1")), hash(address("2001:db8:1::")));
}

}  // namespace
}  // namespace coroom::detail
