#pragma once

#include "core/keyed_hash.hpp"
#include "core/network.hpp"
#include "limits/address_quota.hpp"
#include "limits/token_bucket.hpp"

#include <boost/asio/ip/address.hpp>

#include <cstddef>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <utility>
#include <vector>

namespace coroom::detail::limits {

/// How many connections one address has and makes, and what they use: one of IPv4, or all of one IPv6 network
/// of 64 bits, which is what one customer is given. Any thread may use it. It knows the addresses that have
/// connections or used something in the last seconds.
class AddressLimits {
 public:
  struct Limits {
    std::size_t connections;   ///< at a time; 0: any number
    std::size_t new_a_second;  ///< and the worth of ten seconds at once; 0: any number
    AddressQuota::Limits quota = {};
  };

  explicit AddressLimits(const Limits& limits) : limits_(limits) {}

  AddressLimits(const AddressLimits&) = delete;
  AddressLimits& operator=(const AddressLimits&) = delete;
  ~AddressLimits() = default;

  /// The limits do not hold there. Before the first connection.
  void exempt(std::vector<Network> networks) { exempt_ = std::move(networks); }

  enum class Verdict {
    welcome,
    too_many,  ///< it should be told so
    flood      ///< it has been told so often that no answer is worth while
  };

  /// One connection, which counts until this is destroyed. The limits outlive it.
  class ConnectionSlot {
   public:
    ConnectionSlot(AddressLimits& limits, const boost::asio::ip::address& address,
                   TokenBucket::TimePoint now = std::chrono::steady_clock::now());
    ConnectionSlot(const ConnectionSlot&) = delete;
    ConnectionSlot& operator=(const ConnectionSlot&) = delete;
    ~ConnectionSlot();

    [[nodiscard]] Verdict verdict() const { return verdict_; }

   private:
    AddressLimits& limits_;
    boost::asio::ip::address address_;  // as it is counted
    Verdict verdict_ = Verdict::welcome;
    bool exempt_;
  };

  /// Where what this address uses is counted; nullptr: nowhere, as the limits do not hold there.
  [[nodiscard]] std::shared_ptr<AddressQuota> quota_of(
      const boost::asio::ip::address& address, TokenBucket::TimePoint now = std::chrono::steady_clock::now());

  /// How many addresses it knows.
  [[nodiscard]] std::size_t size() const;

 private:
  struct AddressRecord {
    AddressRecord(const Rate& rate, const AddressQuota::Limits& limits)
        : newcomers(rate), refusals(rate), quota(std::make_shared<AddressQuota>(limits)) {}

    std::size_t connections = 0;  // that were let in
    std::size_t refused = 0;      // that are there to be told so
    TokenBucket newcomers;
    TokenBucket refusals;  // a purse of their own: else who tries again and again would keep all others out
    std::shared_ptr<AddressQuota> quota;  // others have it as long as they are there
  };

  [[nodiscard]] bool is_exempt(const boost::asio::ip::address& address) const;
  Verdict admit(const boost::asio::ip::address& address, TokenBucket::TimePoint now);
  AddressRecord& known_of(const boost::asio::ip::address& address, TokenBucket::TimePoint now);
  Verdict refuse(AddressRecord& known, TokenBucket::TimePoint now) const;
  void leave(const boost::asio::ip::address& address, Verdict verdict);
  void sweep(TokenBucket::TimePoint now);
  [[nodiscard]] Rate rate() const;

  const Limits limits_;
  std::vector<Network> exempt_;
  mutable std::mutex mutex_;
  std::unordered_map<boost::asio::ip::address, AddressRecord, KeyedHash> known_;  // guarded by mutex_
  std::size_t sweep_at_ = 0;                                                      // size
};

}  // namespace coroom::detail::limits
