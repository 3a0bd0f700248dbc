#include "centrifuge/fields.hpp"

#include "core/json_text.hpp"

#include <boost/json/basic_parser_impl.hpp>

#include <algorithm>
#include <limits>
#include <utility>

namespace coroom::detail::centrifuge {
namespace {

namespace json = boost::json;
using json::error_code;

constexpr std::size_t deepest = 32;  // nested objects and arrays
constexpr std::size_t few = 4;       // fields: as many as most commands have

/// Handles the parser's events. The depth of a value determines its role: the id and the method are at 1, the
/// fields of the method at 2. Values below are the content of fields, and are written out as JSON again.
class Collector {
 public:
  static constexpr std::size_t max_object_size = std::numeric_limits<std::size_t>::max();
  static constexpr std::size_t max_array_size = max_object_size;
  static constexpr std::size_t max_key_size = max_object_size;
  static constexpr std::size_t max_string_size = max_object_size;

  Fields& fields() { return fields_; }
  [[nodiscard]] const char* fault() const { return fault_; }

  bool on_document_begin(error_code&) { return true; }
  bool on_document_end(error_code&) { return true; }

  bool on_object_begin(error_code& ec) {
    if (depth_ == 1) {
      if (key_ == "id") return fail(ec, "the id is not a number");
      if (key_.empty()) return fail(ec, "a method without a name");
      if (!fields_.method.empty()) return fail(ec, "two methods in one command");
      fields_.method = std::move(key_);
      fields_.fields.reserve(few);
    }
    return begin(Value::Kind::object, '{', ec);
  }
  bool on_object_end(std::size_t, error_code&) { return end('}'); }
  bool on_array_begin(error_code& ec) {
    if (depth_ == 1) return fail(ec, "the request of a method is not an object");
    return begin(Value::Kind::array, '[', ec);
  }
  bool on_array_end(std::size_t, error_code&) { return end(']'); }

  bool on_key_part(json::string_view part, std::size_t, error_code&) {
    key_part_.append(part.data(), part.size());
    return true;
  }
  bool on_key(json::string_view part, std::size_t, error_code&) {
    key_part_.append(part.data(), part.size());
    if (depth_ > 2) {
      separate();
      detail::append_json_string(value_.text, key_part_);
      value_.text += ':';
    } else {
      std::swap(key_, key_part_);
    }
    key_part_.clear();
    return true;
  }

  bool on_string_part(json::string_view part, std::size_t, error_code&) {
    scalar_.append(part.data(), part.size());
    return true;
  }
  bool on_string(json::string_view part, std::size_t, error_code& ec) {
    scalar_.append(part.data(), part.size());
    return scalar(Value::Kind::string, ec);
  }

  bool on_number_part(json::string_view part, error_code&) {
    scalar_.append(part.data(), part.size());
    return true;
  }
  bool on_int64(std::int64_t, json::string_view part, error_code& ec) { return number(part, ec); }
  bool on_uint64(std::uint64_t, json::string_view part, error_code& ec) { return number(part, ec); }
  bool on_double(double, json::string_view part, error_code& ec) { return number(part, ec); }

  bool on_bool(bool value, error_code& ec) {
    scalar_ = value ? "true" : "false";
    return scalar(Value::Kind::boolean, ec);
  }
  bool on_null(error_code& ec) {
    scalar_ = "null";
    return scalar(Value::Kind::null, ec);
  }

  bool on_comment_part(json::string_view, error_code&) { return true; }
  bool on_comment(json::string_view, error_code&) { return true; }

 private:
  bool fail(error_code& ec, const char* why) {
    fault_ = why;
    ec = json::error::syntax;
    return false;
  }

  bool number(json::string_view part, error_code& ec) {
    scalar_.append(part.data(), part.size());
    return scalar(Value::Kind::number, ec);
  }

  /// Appends a comma, unless the text ends with a colon or an opening bracket.
  void separate() {
    const char last = value_.text.back();
    if (last != '{' && last != '[' && last != ':') value_.text += ',';
  }

  bool scalar(Value::Kind kind, error_code& ec) {
    if (depth_ == 0) return fail(ec, "the command is not an object");
    if (depth_ == 1) {
      // Only the id matters at this depth: the request of a method is an object.
      if (key_ == "id") fields_.id = Value{kind, std::move(scalar_)};
    } else if (depth_ == 2) {
      fields_.fields.emplace_back(std::move(key_), Value{kind, std::move(scalar_)});
    } else {
      separate();
      if (kind == Value::Kind::string) {
        detail::append_json_string(value_.text, scalar_);
      } else {
        value_.text += scalar_;
      }
    }
    scalar_.clear();
    return true;
  }

  bool begin(Value::Kind kind, char bracket, error_code& ec) {
    if (depth_ == 0 && kind != Value::Kind::object) return fail(ec, "the command is not an object");
    if (depth_ == 2) value_ = Value{kind, {}};
    if (depth_ > 2) separate();
    if (depth_ >= 2) value_.text += bracket;
    ++depth_;
    return true;
  }

  bool end(char bracket) {
    --depth_;
    if (depth_ >= 2) value_.text += bracket;
    if (depth_ == 2) fields_.fields.emplace_back(std::move(key_), std::move(value_));
    return true;
  }

  Fields fields_;
  std::string key_;
  std::string key_part_;
  std::string scalar_;  // the string, number or other scalar read so far
  Value value_;         // the object or array of a field read so far
  std::size_t depth_ = 0;
  const char* fault_ = nullptr;
};

json::parse_options options() {
  json::parse_options options;
  options.max_depth = deepest;
  return options;
}

}  // namespace

std::string Value::json() const& {
  if (kind != Kind::string) return text;
  std::string json;
  json.reserve(text.size() + 2);  // and the quotes
  detail::append_json_string(json, text);
  return json;
}

std::string Value::json() && {
  return kind == Kind::string ? std::as_const(*this).json() : std::move(text);
}

Value* Fields::find(std::string_view name) {
  const auto found =
      std::find_if(fields.rbegin(), fields.rend(), [name](const auto& field) { return field.first == name; });
  return found == fields.rend() || found->second.kind == Value::Kind::null ? nullptr : &found->second;
}

Result<Fields> read_fields(std::string_view line) {
  json::basic_parser<Collector> parser(options());
  error_code ec;
  const std::size_t read = parser.write_some(false, line.data(), line.size(), ec);
  if (parser.handler().fault() != nullptr) return failure(parser.handler().fault());
  if (ec) return failure(ec.message());
  if (read != line.size()) return failure("more than one value in a line");
  return std::move(parser.handler().fields());
}

}  // namespace coroom::detail::centrifuge
