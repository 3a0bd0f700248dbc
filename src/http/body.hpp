#pragma once

#include "limits/address_quota.hpp"
#include "limits/byte_budget.hpp"

#include <boost/beast/core/buffers_range.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/optional/optional.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace coroom::detail::http {

/// The memory of one request body. It counts against the budgets of its address and of all bodies until this
/// object is destroyed.
class BodyMemory {
 public:
  /// Bytes that are not counted: short requests are accepted even when the budgets are exhausted.
  static constexpr std::size_t uncounted = 4096;

  enum class Verdict {
    granted,
    address_full,  ///< the budget of the address is exhausted
    server_full    ///< the budget of all bodies is exhausted
  };

  /// `quota` is that of the address; nullptr: no limits for that address. `all` must outlive it.
  BodyMemory(std::shared_ptr<limits::AddressQuota> quota, limits::ByteBudget& all)
      : quota_(std::move(quota)), all_(all) {}

  BodyMemory(const BodyMemory&) = delete;
  BodyMemory& operator=(const BodyMemory&) = delete;
  ~BodyMemory();

  /// Requests memory for `bytes` bytes in total. If the request is rejected, the earlier memory stays
  /// granted.
  [[nodiscard]] Verdict grow_to(std::size_t bytes);

 private:
  std::shared_ptr<limits::AddressQuota> quota_;
  limits::ByteBudget& all_;
  std::size_t counted_ = 0;
};

/// The body of a request while it is received (Beast: Body).
struct IncomingBody {
  class value_type {
   public:
    /// Keeps received bytes as long as `memory`, which must outlive this object, is granted. Without a call,
    /// bytes are dropped.
    ///@{
    void keep_in(BodyMemory& memory, std::size_t limit) {
      memory_ = &memory;
      limit_ = limit;
    }
    ///@}

    /// Returns false if the memory is rejected.
    [[nodiscard]] bool take(std::string_view part);

    /// Returns the number of received bytes, kept or not.
    [[nodiscard]] std::size_t received() const { return received_; }
    [[nodiscard]] BodyMemory::Verdict verdict() const { return verdict_; }
    [[nodiscard]] std::string release() { return std::move(bytes_); }

   private:
    BodyMemory* memory_ = nullptr;
    std::size_t limit_ = 0;  // largest body, in bytes
    std::size_t received_ = 0;
    BodyMemory::Verdict verdict_ = BodyMemory::Verdict::granted;
    std::string bytes_;
  };

  class reader {
   public:
    template <bool is_request, class Fields>
    reader(boost::beast::http::header<is_request, Fields>& /*head*/, value_type& body) : body_(body) {}

    /// Memory grows with the received bytes, not with the announced length.
    void init(const boost::optional<std::uint64_t>& /*length*/, boost::beast::error_code& ec) { ec = {}; }

    template <class Buffers>
    std::size_t put(const Buffers& buffers, boost::beast::error_code& ec) {
      ec = {};
      std::size_t taken = 0;
      for (const auto part : boost::beast::buffers_range_ref(buffers)) {
        if (!body_.take({static_cast<const char*>(part.data()), part.size()})) {
          ec = boost::beast::http::error::buffer_overflow;
          return taken;
        }
        taken += part.size();
      }
      return taken;
    }

    void finish(boost::beast::error_code& ec) { ec = {}; }

   private:
    value_type& body_;
  };
};

/// Limits the overhead of a chunked body: chunk sizes, extensions and trailer fields. Pure.
class FramingLimit {
 public:
  /// `limit` applies to the bytes that wait for the end of a line or of the trailer. It also applies to all
  /// bytes of the body, where each byte of data allows some more.
  explicit FramingLimit(std::size_t limit) : limit_(limit) {}

  /// `wire` counts the received bytes of the body, and `data` those of them that are data. `waiting` counts
  /// those that the parser has not consumed yet.
  [[nodiscard]] bool allows(std::size_t wire, std::size_t data, std::size_t waiting) const {
    return waiting <= limit_ && wire <= limit_ + of_a_byte * data;
  }

 private:
  static constexpr std::size_t of_a_byte = 8;  // a chunk of one byte has six bytes
  std::size_t limit_;
};

}  // namespace coroom::detail::http
