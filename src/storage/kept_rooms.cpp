#include "storage/kept_rooms.hpp"

#include "storage/sqlite_schema.hpp"

#include <SQLiteCpp/Exception.h>
#include <SQLiteCpp/Statement.h>
#include <string>

namespace coroom::detail::storage {

Result<> for_each_kept_room(const std::filesystem::path& folder,
                            const std::function<void(std::string_view name)>& call) {
  const std::filesystem::path file = folder / "coroom.db";
  try {
    SQLite::Database database = open_for_reading(file);
    SQLite::Statement names(database, "SELECT name FROM rooms");
    while (names.executeStep()) call(names.getColumn(0).getString());
  } catch (const SQLite::Exception& thrown) {
    return failure(Errc::storage_failed, file.string() + ": " + thrown.what());
  }
  return {};
}

}  // namespace coroom::detail::storage
