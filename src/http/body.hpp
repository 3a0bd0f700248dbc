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

/// Memory of one request's body, counted as memory of its address and of all bodies together until this is
/// destroyed.
class BodyMemory {
 public:
  /// Bytes that count as the connection's own: short requests pass when all other memory is taken.
  static constexpr std::size_t uncounted = 4096;

  enum class Verdict {
    granted,
    address_full,  ///< the bodies of the address hold as much as they may
    server_full    ///< all bodies do
  };

  /// `account`: of the address; nullptr: its limits do not hold. `all` outlives it.
  BodyMemory(std::shared_ptr<limits::AddressQuota> quota, limits::ByteBudget& all)
      : quota_(std::move(quota)), all_(all) {}

  BodyMemory(const BodyMemory&) = delete;
  BodyMemory& operator=(const BodyMemory&) = delete;
  ~BodyMemory();

  /// Asks for that many bytes in all; what was granted before stays if they are refused.
  [[nodiscard]] Verdict grow_to(std::size_t bytes);

 private:
  std::shared_ptr<limits::AddressQuota> quota_;
  limits::ByteBudget& all_;
  std::size_t counted_ = 0;
};

/// A body as it comes in (Beast: Body).
struct IncomingBody {
  class value_type {
   public:
    /// The bytes are kept as long as the memory, which outlives this, is granted; without, they are dropped.
    ///@{
    void keep_in(BodyMemory& memory, std::size_t limit) {
      memory_ = &memory;
      limit_ = limit;
    }
    ///@}

    /// Returns false if the memory is refused.
    [[nodiscard]] bool take(std::string_view part);

    /// Bytes that have come, kept or not.
    [[nodiscard]] std::size_t received() const { return received_; }
    [[nodiscard]] BodyMemory::Verdict verdict() const { return verdict_; }
    [[nodiscard]] std::string release() { return std::move(bytes_); }

   private:
    BodyMemory* memory_ = nullptr;
    std::size_t limit_ = 0;  // bytes of a body
    std::size_t received_ = 0;
    BodyMemory::Verdict verdict_ = BodyMemory::Verdict::granted;
    std::string bytes_;
  };

  class reader {
   public:
    template <bool is_request, class Fields>
    reader(boost::beast::http::header<is_request, Fields>& /*head*/, value_type& body) : body_(body) {}

    /// Memory grows with what has come, and not with what is announced.
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

/// Bounds what a chunked body carries beside its data: sizes, extensions and trailer fields. Pure.
class FramingLimit {
 public:
  /// `limit`: bytes that wait for the end of a line or of the trailer, and bytes in all beside some for each
  /// byte of data.
  explicit FramingLimit(std::size_t limit) : limit_(limit) {}

  /// `wire`: bytes of the body that have come; `data`: those of them that are data; `waiting`: those that no
  /// parser has taken yet.
  [[nodiscard]] bool allows(std::size_t wire, std::size_t data, std::size_t waiting) const {
    return waiting <= limit_ && wire <= limit_ + of_a_byte * data;
  }

 private:
  static constexpr std::size_t of_a_byte = 8;  // a chunk of one byte takes six
  std::size_t limit_;
};

}  // namespace coroom::detail::http
