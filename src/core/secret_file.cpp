#include "core/secret_file.hpp"

#include "core/folder.hpp"
#include "core/setting_value.hpp"

namespace coroom::detail {

Result<std::string> read_secret(const std::filesystem::path& file) {
  const auto failed = [&file](const std::string& why) {
    return failure("'" + printable(file.string()) + "': " + why);
  };
  const auto content = read_file(file);
  if (!content || content->empty()) return failed("the file cannot be read or is empty");
  const auto text = text_of_file(*content);
  if (!text) return failed(text.error().message);
  auto secret = setting_value(*text, SettingKind::secret);
  if (!secret) return failed(secret.error().message);
  if (secret->empty()) return failed("the file contains no secret");
  return secret;
}

}  // namespace coroom::detail
