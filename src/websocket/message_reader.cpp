#include "websocket/message_reader.hpp"

#include "core/utf8.hpp"
#include "websocket/outgoing.hpp"

#include <boost/endian/conversion.hpp>

#include <algorithm>
#include <cstring>
#include <utility>

namespace coroom::detail::websocket {
namespace {

constexpr unsigned opcode_bits = 0x0f;
constexpr auto compressed_bit = static_cast<unsigned>(Compressed::yes);
constexpr unsigned reserved_bits = 0x30;
constexpr unsigned length_bits = 0x7f;
constexpr std::size_t key_size = 4;

constexpr std::string_view not_utf8 = "a text that is not UTF-8";

Violation broken(std::string_view why) {
  return {close_code::protocol_error, why};
}

/// Returns the masking key twice, beginning with the byte at this position.
std::array<unsigned char, 2 * key_size> key_from(const unsigned char* key, std::size_t position) {
  std::array<unsigned char, 3 * key_size> thrice{};
  for (std::size_t part = 0; part != thrice.size(); part += key_size)
    std::memcpy(thrice.data() + part, key, key_size);
  std::array<unsigned char, 2 * key_size> turned{};
  std::memcpy(turned.data(), thrice.data() + position, turned.size());
  return turned;
}

/// Unmasks in words of 8 bytes, since single bytes are slow (RFC 6455 section 5.3).
void unmask(std::span<char> data, const std::array<unsigned char, 2 * key_size>& key) {
  std::uint64_t key_word = 0;
  static_assert(sizeof key_word == sizeof key);
  std::memcpy(&key_word, key.data(), sizeof key_word);
  std::size_t index = 0;
  for (; index + sizeof key_word <= data.size(); index += sizeof key_word) {
    std::uint64_t word = 0;
    std::memcpy(&word, data.data() + index, sizeof word);
    word ^= key_word;
    std::memcpy(data.data() + index, &word, sizeof word);
  }
  for (; index != data.size(); ++index)
    data[index] = static_cast<char>(data[index] ^ key[index % key.size()]);
}

/// Returns the length of the header. Needs its second byte.
std::size_t header_length(unsigned second_byte) {
  const unsigned length = second_byte & length_bits;
  const std::size_t extended = length == length_is_64_bits ? 8 : length == length_is_16_bits ? 2 : 0;
  return 2 + extended + key_size;
}

MessageReader::Received closing(const std::string& payload) {
  if (payload.empty()) return CloseFrame(Disconnect(close_code::no_status));
  if (payload.size() < 2) return broken("a close frame with an incomplete code");
  const std::uint16_t code =
      boost::endian::load_big_u16(reinterpret_cast<const unsigned char*>(payload.data()));
  if (!may_be_sent(code)) return broken("a close frame with a code that may not be sent");
  const std::string_view reason = std::string_view(payload).substr(2);
  if (!detail::is_utf8(reason))
    return Violation(close_code::bad_payload, "a close frame whose reason is not UTF-8");
  return CloseFrame(Disconnect{code, std::string(reason)});
}

}  // namespace

std::optional<MessageReader::Received> MessageReader::next(std::span<char>& data) {
  while (!data.empty()) {
    if (!in_payload_) {
      if (auto violation = take_header(data)) return *std::move(violation);
      if (!in_payload_) break;
    }
    if (auto violation = take_payload(data)) return *std::move(violation);
    if (left_ != 0) break;
    in_payload_ = false;
    header_size_ = 0;
    if (auto event = end_frame()) return event;
  }
  return std::nullopt;
}

/// Reads the header, in parts if necessary. Sets in_payload_ when the header is complete.
std::optional<Violation> MessageReader::take_header(std::span<char>& data) {
  if (header_size_ == 0 && data.size() >= 2) {
    const std::size_t size = header_length(static_cast<unsigned char>(data[1]));
    if (data.size() >= size) {  // usually the header is in one piece
      std::memcpy(header_.data(), data.data(), size);
      header_size_ = static_cast<std::uint8_t>(size);
      data = data.subspan(size);
      if (auto violation = check_first_bytes()) return violation;
      return begin_frame();
    }
  }
  while (!data.empty()) {
    header_[header_size_++] = static_cast<unsigned char>(data.front());
    data = data.subspan(1);
    if (header_size_ < 2) continue;
    if (header_size_ == 2) {
      if (auto violation = check_first_bytes()) return violation;
    }
    if (header_size_ == header_length(header_[1])) return begin_frame();
  }
  return std::nullopt;
}

std::optional<Violation> MessageReader::check_first_bytes() const {
  const unsigned opcode = header_[0] & opcode_bits;
  const unsigned length = header_[1] & length_bits;
  if ((header_[0] & reserved_bits) != 0) return broken("a frame with a reserved bit");
  if ((header_[1] & mask_bit) == 0) return broken("an unmasked frame");
  if (is_control()) {
    if (opcode > static_cast<unsigned>(Opcode::pong)) return broken("a frame with a reserved opcode");
    if (!is_final()) return broken("a fragmented control frame");
    if (length > longest_control) return broken("a control frame with more than 125 bytes");
    if ((header_[0] & compressed_bit) != 0) return broken("a compressed control frame");
    return std::nullopt;
  }
  if (opcode > static_cast<unsigned>(Opcode::binary)) return broken("a frame with a reserved opcode");
  const bool continues = opcode == static_cast<unsigned>(Opcode::continuation);
  if (continues != in_message_)
    return broken(continues ? "a continuation frame without a message"
                            : "a new message inside a fragmented message");
  if ((header_[0] & compressed_bit) != 0 && (continues || inflation_ == Inflation::none))
    return broken("a compressed frame without negotiated compression");
  return std::nullopt;
}

std::optional<Violation> MessageReader::begin_frame() {
  const unsigned length = header_[1] & length_bits;
  left_ = length;
  if (length == length_is_16_bits) left_ = boost::endian::load_big_u16(header_.data() + 2);
  if (length == length_is_64_bits) left_ = boost::endian::load_big_u64(header_.data() + 2);
  const bool longer_than_needed = (length == length_is_16_bits && left_ < length_is_16_bits) ||
                                  (length == length_is_64_bits && left_ <= 0xffff);
  if (longer_than_needed || left_ >> 63 != 0) return broken("a length that is not minimally encoded");
  key_position_ = 0;
  in_payload_ = true;
  if (is_control()) return std::nullopt;

  if (!in_message_) {
    in_message_ = true;
    compressed_ = (header_[0] & compressed_bit) != 0;
    kind_ = (header_[0] & opcode_bits) == static_cast<unsigned>(Opcode::text) ? Message::Kind::text
                                                                              : Message::Kind::binary;
    utf8_.reset();
  }
  // Compression adds little to a message that does not shrink.
  const std::size_t most = compressed_ ? longest_ + longest_ / 1024 + 64 : longest_;
  if (message_.size() > most || left_ > most - message_.size())
    return Violation(close_code::too_big, "a message that is too long");
  return std::nullopt;
}

std::optional<Violation> MessageReader::take_payload(std::span<char>& data) {
  const std::size_t size = std::min<std::uint64_t>(left_, data.size());
  const unsigned char* key = header_.data() + header_length(header_[1]) - key_size;
  unmask(data.first(size), key_from(key, key_position_));
  const std::string_view bytes(data.data(), size);
  data = data.subspan(size);
  key_position_ = static_cast<std::uint8_t>((key_position_ + size) % key_size);
  left_ -= size;
  if (is_control()) {
    control_.append(bytes);
    return std::nullopt;
  }
  if (discards_) return std::nullopt;
  if (checks_utf8() && !utf8_.take(bytes)) return Violation(close_code::bad_payload, not_utf8);
  message_.append(bytes);
  return std::nullopt;
}

std::optional<MessageReader::Received> MessageReader::end_frame() {
  if (is_control()) {
    const auto opcode = static_cast<Opcode>(header_[0] & opcode_bits);
    const std::string payload = std::exchange(control_, {});
    if (opcode == Opcode::close) return closing(payload);
    return Control(opcode, payload);
  }
  if (!is_final()) return std::nullopt;
  in_message_ = false;
  if (discards_) return std::nullopt;
  return end_message();
}

tl::expected<std::string, Violation> MessageReader::inflated(std::string_view data) {
  if (inflation_ == Inflation::with_a_window) {
    if (inflater_ == nullptr) inflater_ = std::make_unique<Inflater>();
    return inflater_->run(data, longest_);
  }
  thread_local Inflater inflater;  // large, so all connections of a thread share it
  inflater.forget();
  return inflater.run(data, longest_);
}

MessageReader::Received MessageReader::end_message() {
  std::string data = std::exchange(message_, {});
  if (compressed_) {
    auto whole = inflated(data);
    if (!whole) return whole.error();
    data = *std::move(whole);
  }
  const bool is_valid =
      kind_ == Message::Kind::binary || (compressed_ ? detail::is_utf8(data) : utf8_.is_complete());
  if (!is_valid) return Violation(close_code::bad_payload, not_utf8);
  return Message(kind_, std::move(data));
}

}  // namespace coroom::detail::websocket
