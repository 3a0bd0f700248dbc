#pragma once

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <protozero/pbf_reader.hpp>
#include <protozero/pbf_writer.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace coroom::testkit {

/// Returns the bytes of hexadecimal numbers with blanks between them.
inline std::string from_hex(std::string_view text) {
  std::string bytes;
  for (; text.size() >= 2; text.remove_prefix(std::min<std::size_t>(text.size(), 3))) {
    std::uint8_t byte = 0;
    std::from_chars(text.data(), text.data() + 2, byte, 16);
    bytes += static_cast<char>(byte);
  }
  return bytes;
}

/// A Protobuf message that is built field by field. Writes every value, even the default one.
class ProtobufMessage {
 public:
  ProtobufMessage& number(std::uint32_t field, std::uint64_t value) {
    protozero::pbf_writer(bytes_).add_uint64(field, value);
    return *this;
  }
  ProtobufMessage& text(std::uint32_t field, std::string_view value) {
    protozero::pbf_writer(bytes_).add_bytes(field, value.data(), value.size());
    return *this;
  }
  ProtobufMessage& message(std::uint32_t field, const ProtobufMessage& value) {
    return text(field, value.bytes());
  }
  ProtobufMessage& fixed32(std::uint32_t field, std::uint32_t value) {
    protozero::pbf_writer(bytes_).add_fixed32(field, value);
    return *this;
  }
  ProtobufMessage& fixed64(std::uint32_t field, std::uint64_t value) {
    protozero::pbf_writer(bytes_).add_fixed64(field, value);
    return *this;
  }
  ProtobufMessage& raw(std::string_view bytes) {
    bytes_ += bytes;
    return *this;
  }

  [[nodiscard]] const std::string& bytes() const { return bytes_; }

  /// Returns the message behind its length.
  [[nodiscard]] std::string delimited() const {
    std::string all;
    protozero::add_varint_to_buffer(&all, bytes_.size());
    return all + bytes_;
  }

 private:
  std::string bytes_;
};

/// The fields of a Protobuf message. The constructor throws for bytes that are no message.
class ProtobufFields {
 public:
  explicit ProtobufFields(std::string_view bytes) {
    protozero::pbf_reader reader(bytes.data(), bytes.size());
    while (reader.next()) {
      Field& field = fields_.emplace_back();
      field.tag = reader.tag();
      if (reader.wire_type() == protozero::pbf_wire_type::varint) {
        field.number = reader.get_uint64();
      } else {
        const protozero::data_view view = reader.get_view();
        field.text.assign(view.data(), view.size());
      }
    }
  }

  /// Returns the message behind a length that covers the rest.
  static ProtobufFields of_delimited(std::string_view bytes) {
    const char* position = bytes.data();
    const auto length = protozero::decode_varint(&position, bytes.data() + bytes.size());
    bytes.remove_prefix(static_cast<std::size_t>(position - bytes.data()));
    if (length != bytes.size()) throw protozero::end_of_buffer_exception{};
    return ProtobufFields(bytes);
  }

  /// Returns the field numbers in their order.
  [[nodiscard]] std::vector<std::uint32_t> tags() const {
    std::vector<std::uint32_t> tags;
    tags.reserve(fields_.size());
    for (const Field& field : fields_) tags.push_back(field.tag);
    return tags;
  }
  [[nodiscard]] std::uint64_t number(std::uint32_t tag) const { return find(tag).number; }
  [[nodiscard]] std::string text(std::uint32_t tag) const { return find(tag).text; }
  [[nodiscard]] ProtobufFields message(std::uint32_t tag) const { return ProtobufFields(find(tag).text); }
  [[nodiscard]] std::vector<ProtobufFields> messages(std::uint32_t tag) const {
    std::vector<ProtobufFields> messages;
    for (const Field& field : fields_) {
      if (field.tag == tag) messages.emplace_back(field.text);
    }
    return messages;
  }

 private:
  struct Field {
    std::uint32_t tag = 0;
    std::uint64_t number = 0;
    std::string text;
  };

  /// Returns an empty field if there is none.
  [[nodiscard]] Field find(std::uint32_t tag) const {
    const auto found = std::ranges::find(fields_, tag, &Field::tag);
    return found == fields_.end() ? Field() : *found;
  }

  std::vector<Field> fields_;
};

}  // namespace coroom::testkit
