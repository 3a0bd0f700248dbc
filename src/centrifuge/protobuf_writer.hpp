#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <protozero/pbf_writer.hpp>
#include <protozero/varint.hpp>
#include <string>
#include <string_view>

namespace coroom::detail::centrifuge::protobuf {

/// Writes the fields of one message behind the text of a string. `Field` is the enum of the message's field
/// numbers. A field that is zero or empty is left out.
template <class Field>
class MessageWriter {
 public:
  explicit MessageWriter(std::string& out) : out_(out) {}

  void number(Field field, std::uint64_t value) {
    if (value != 0) protozero::pbf_writer(out_).add_uint64(tag(field), value);
  }

  void flag(Field field, bool value) {
    if (value) protozero::pbf_writer(out_).add_bool(tag(field), value);
  }

  /// Writes a string or bytes.
  void text(Field field, std::string_view value) {
    if (!value.empty()) protozero::pbf_writer(out_).add_bytes(tag(field), value.data(), value.size());
  }

  /// Writes a message, even if it is empty. `write` is given its MessageWriter<Inner>.
  template <class Inner, std::invocable<MessageWriter<Inner>&> Write>
  void message(Field field, const Write& write) {
    const std::size_t begin = out_.size();
    protozero::pbf_writer outer(out_);
    {
      const protozero::pbf_writer inner(outer, tag(field));
      MessageWriter<Inner> writer(out_);
      write(writer);
    }
    // protozero takes back a message without fields.
    if (out_.size() == begin) outer.add_message(tag(field), "", 0);
  }

 private:
  static constexpr protozero::pbf_tag_type tag(Field field) {
    return static_cast<protozero::pbf_tag_type>(field);
  }

  std::string& out_;
};

/// Appends a message behind its length. `write` is given its MessageWriter<Field>.
template <class Field, std::invocable<MessageWriter<Field>&> Write>
void append_delimited(std::string& out, const Write& write) {
  const std::size_t begin = out.size();
  MessageWriter<Field> writer(out);
  write(writer);
  std::array<char, protozero::max_varint_length> length{};
  const auto size = protozero::add_varint_to_buffer(length.data(), out.size() - begin);
  out.insert(begin, length.data(), static_cast<std::size_t>(size));
}

}  // namespace coroom::detail::centrifuge::protobuf
