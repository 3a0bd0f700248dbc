#pragma once

#include "core/keyed_hash.hpp"
#include "limits/address_quota.hpp"
#include "limits/admission.hpp"
#include "limits/token_bucket.hpp"

#include <coroom/network.hpp>

#include <boost/asio/ip/address.hpp>

#include <cstddef>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <utility>
#include <vector>

namespace coroom::detail::limits {

/// Limits the number, the rate and the usage of the connections of one address. An address is one IPv4
/// address or one IPv6 /64 network, which is usually assigned to one customer. Any thread may use it. Holds
/// the addresses that have connections or used something in the last seconds.
class AddressLimits {
 public:
  struct Limits {
    std::size_t connections;   ///< concurrent connections; 0: no limit
    std::size_t new_a_second;  ///< connections a second, with a burst of ten seconds' worth; 0: no limit
    AddressQuota::Limits quota = {};
  };

  explicit AddressLimits(const Limits& limits) : limits_(limits) {}

  AddressLimits(const AddressLimits&) = delete;
  AddressLimits& operator=(const AddressLimits&) = delete;
  ~AddressLimits() = default;

  /// Exempts these networks from all limits. Must be called before the first connection.
  void exempt(std::vector<Network> networks) { exempt_ = std::move(networks); }

  /// Counts one connection until it is destroyed. The limits must outlive it.
  class ConnectionSlot {
   public:
    ConnectionSlot(AddressLimits& limits, const boost::asio::ip::address& address,
                   TokenBucket::TimePoint now = std::chrono::steady_clock::now());
    ConnectionSlot(const ConnectionSlot&) = delete;
    ConnectionSlot& operator=(const ConnectionSlot&) = delete;
    ~ConnectionSlot();

    [[nodiscard]] Admission admission() const { return admission_; }

   private:
    AddressLimits& limits_;
    boost::asio::ip::address address_;  // as customer_of() returns it
    Admission admission_ = Admission::admitted;
    bool exempt_;
  };

  /// Returns the quota of an address; nullptr if the address is exempt.
  [[nodiscard]] std::shared_ptr<AddressQuota> quota_of(
      const boost::asio::ip::address& address, TokenBucket::TimePoint now = std::chrono::steady_clock::now());

  /// Returns the number of addresses in memory.
  [[nodiscard]] std::size_t size() const;

 private:
  struct AddressRecord {
    AddressRecord(const Rate& rate, const AddressQuota::Limits& limits)
        : newcomers(rate), refusals(rate), quota(std::make_shared<AddressQuota>(limits)) {}

    std::size_t connections = 0;  // admitted
    std::size_t refused = 0;      // refused, and open until their error is sent
    TokenBucket newcomers;
    TokenBucket refusals;  // separate, so that repeated attempts do not use up the rate for new connections
    std::shared_ptr<AddressQuota> quota;  // connections keep a reference to it
  };

  [[nodiscard]] bool is_exempt(const boost::asio::ip::address& address) const;
  Admission admit(const boost::asio::ip::address& address, TokenBucket::TimePoint now);
  AddressRecord& known_of(const boost::asio::ip::address& address, TokenBucket::TimePoint now);
  Admission refuse(AddressRecord& known, TokenBucket::TimePoint now) const;
  void leave(const boost::asio::ip::address& address, Admission admission);
  void sweep(TokenBucket::TimePoint now);
  [[nodiscard]] Rate rate() const;

  const Limits limits_;
  std::vector<Network> exempt_;
  mutable std::mutex mutex_;
  std::unordered_map<boost::asio::ip::address, AddressRecord, KeyedHash> known_;  // guarded by mutex_
  std::size_t sweep_at_ = 0;                                                      // entries in known_
};

}  // namespace coroom::detail::limits
