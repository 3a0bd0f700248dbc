#pragma once

#include <coroom/error.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace coroom::detail::centrifuge {

/// A value in a command. Its content is passed on as the client wrote it, with all digits of its numbers but
/// without white space.
struct Value {
  enum class Kind { null, boolean, number, string, object, array };

  Kind kind = Kind::null;
  std::string text;  ///< the content of a string; JSON in one line for all other kinds

  [[nodiscard]] std::string json() const&;
  [[nodiscard]] std::string json() &&;
};

/// A command as it appears in its line: `{"id":ID,"METHOD":{FIELDS}}`.
struct Fields {
  Value id;                                           ///< null: the command has no id
  std::string method;                                 ///< empty: the command has no method
  std::vector<std::pair<std::string, Value>> fields;  ///< of the method

  /// Returns nullptr if the field is absent or null. Of several fields with one name the last counts.
  [[nodiscard]] Value* find(std::string_view name);
};

/// Reads one line. Fails unless the line is a JSON object (RFC 8259) in UTF-8 with at most one method and at
/// most 32 levels.
Result<Fields> read_fields(std::string_view line);

}  // namespace coroom::detail::centrifuge
