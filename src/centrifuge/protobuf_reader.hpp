#pragma once

#include "centrifuge/command.hpp"
#include "core/json_text.hpp"
#include "core/utf8.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <protozero/exception.hpp>
#include <protozero/pbf_reader.hpp>
#include <protozero/varint.hpp>
#include <string>
#include <string_view>

namespace coroom::detail::centrifuge::protobuf {

/// What is wrong with a command, and what the server lacks for it.
struct Findings {
  std::string wrong;             // the first fault, one line; empty: none
  std::string_view unsupported;  // a literal: the field that asks for a missing feature; empty: none

  void note(std::string_view name, std::string_view fault) {
    if (wrong.empty()) wrong.append(name).append(" ").append(fault);
  }
};

/// Reads the fields of one message one after the other. Each field ends with exactly one call of a function
/// that reads or skips its value. All functions throw protozero::exception for bytes that are not Protobuf.
class ProtobufReader {
 public:
  /// The message and the findings outlive the reader.
  ProtobufReader(std::string_view message, Findings& findings)
      : reader_(message.data(), message.size()), findings_(findings) {}

  /// Goes to the next field, and returns its number; nullopt at the end.
  template <class Field>
  std::optional<Field> next() {
    if (!reader_.next()) return std::nullopt;
    check_length();
    return static_cast<Field>(reader_.tag());
  }

  void skip() { reader_.skip(); }

  void text(std::string_view name, std::string& to) {
    const auto bytes = content(name);
    if (!bytes) return;
    if (!detail::is_utf8(*bytes)) return findings_.note(name, "is not valid UTF-8");
    to = *bytes;
  }

  void payload(std::string_view name, Payload& to) {
    const auto bytes = content(name);
    if (!bytes) return;
    const bool is_json = bytes->empty() || detail::is_json(*bytes);
    to = {std::string(*bytes), is_json ? Message::Kind::json : Message::Kind::binary};
  }

  void flag(std::string_view name, bool& to) {
    if (is(protozero::pbf_wire_type::varint, name)) to = reader_.get_uint64() != 0;
  }

  /// Reads a number, and drops the bits beyond its type, as Protobuf does.
  template <class Number>
  void number(std::string_view name, Number& to) {
    if (is(protozero::pbf_wire_type::varint, name)) to = static_cast<Number>(reader_.get_uint64());
  }

  /// Returns the bytes of a string or a message; nullopt if the field has another wire type.
  std::optional<std::string_view> content(std::string_view name) {
    if (!is(protozero::pbf_wire_type::length_delimited, name)) return std::nullopt;
    const protozero::data_view view = reader_.get_view();
    return std::string_view(view.data(), view.size());
  }

  /// Reads a field with which the request asks for a feature that the server lacks, unless it has the value
  /// of an absent field. The name is a literal.
  ///@{
  void unsupported_number(std::string_view name) {
    std::uint64_t value = 0;
    number(name, value);
    note_unsupported(name, value != 0);
  }
  void unsupported_text(std::string_view name) {
    std::string value;
    text(name, value);
    note_unsupported(name, !value.empty());
  }
  void unsupported_list(std::string_view name) {
    if (content(name)) note_unsupported(name, true);
  }
  ///@}

  [[nodiscard]] Findings& findings() { return findings_; }

 private:
  /// Rejects a length beyond the end. Of a length beyond 32 bits protozero would only keep the lower bits.
  void check_length() const {
    if (reader_.wire_type() != protozero::pbf_wire_type::length_delimited) return;
    const protozero::data_view rest = reader_.data();
    const char* position = rest.data();
    const char* const end = rest.data() + rest.size();
    const std::uint64_t length = protozero::decode_varint(&position, end);
    if (length > static_cast<std::size_t>(end - position)) throw protozero::end_of_buffer_exception{};
  }

  /// Skips a field of another wire type, on which protozero only asserts, and notes the fault.
  bool is(protozero::pbf_wire_type type, std::string_view name) {
    if (reader_.wire_type() == type) return true;
    findings_.note(name, "has the wrong type");
    reader_.skip();
    return false;
  }

  /// Of a field that comes twice the last counts.
  void note_unsupported(std::string_view name, bool is_set) {
    if (is_set && findings_.unsupported.empty()) findings_.unsupported = name;
    if (!is_set && findings_.unsupported == name) findings_.unsupported = {};
  }

  protozero::pbf_reader reader_;
  Findings& findings_;
};

}  // namespace coroom::detail::centrifuge::protobuf
