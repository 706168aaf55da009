# `cmake --install` and what `find_package(hourglass)` finds afterwards: the names that add_subdirectory gives.
if(NOT HOURGLASS_INSTALL)
  return()
endif()
include(CMakePackageConfigHelpers)

set(_libraries base supervision convert codec codecs core workflow activity client nexus worker subsystem testing cli
               protos bridge bridge_table headers)
foreach(library IN LISTS _libraries)
  set_target_properties(hourglass_${library} PROPERTIES EXPORT_NAME ${library})
endforeach()
list(TRANSFORM _libraries PREPEND "hourglass_")
list(REMOVE_ITEM _libraries hourglass_protos)

set(_package "${CMAKE_INSTALL_LIBDIR}/cmake/hourglass")
install(TARGETS hourglass ${_libraries} EXPORT hourglass_targets INCLUDES DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}")
# In a folder of their own: the protobuf classes of another package could have the same paths.
set(_proto_headers "${CMAKE_INSTALL_INCLUDEDIR}/hourglass_protos")
install(TARGETS hourglass_protos EXPORT hourglass_targets INCLUDES DESTINATION "${_proto_headers}")
install(DIRECTORY "${HOURGLASS_PROTO_GEN}/" DESTINATION "${_proto_headers}" FILES_MATCHING PATTERN "*.pb.h")
install(DIRECTORY "${PROJECT_SOURCE_DIR}/include/hourglass" TYPE INCLUDE)
get_target_property(_bridge hourglass_bridge HOURGLASS_FILE)
install(FILES "${_bridge}" TYPE LIB)
install(TARGETS hourglass_command RUNTIME)
# The linter for workflows, with its rules where it looks for them.
set(_share "${CMAKE_INSTALL_DATADIR}/hourglass")
install(PROGRAMS "${PROJECT_SOURCE_DIR}/scripts/lint-workflows" DESTINATION "${_share}")
install(FILES "${PROJECT_SOURCE_DIR}/scripts/lib/workflow_rules.py" DESTINATION "${_share}/lib")
install(FILES "${PROJECT_SOURCE_DIR}/LICENSE" "${PROJECT_SOURCE_DIR}/THIRD_PARTY_NOTICES.md" TYPE DOC)
install(EXPORT hourglass_targets NAMESPACE hourglass:: DESTINATION "${_package}")

configure_package_config_file("${CMAKE_CURRENT_LIST_DIR}/hourglassConfig.cmake.in" "${CMAKE_CURRENT_BINARY_DIR}/hourglassConfig.cmake"
  INSTALL_DESTINATION "${_package}")
# Before 1.0 a new minor version may break its users.
write_basic_package_version_file("${CMAKE_CURRENT_BINARY_DIR}/hourglassConfigVersion.cmake" COMPATIBILITY SameMinorVersion)
install(FILES "${CMAKE_CURRENT_BINARY_DIR}/hourglassConfig.cmake" "${CMAKE_CURRENT_BINARY_DIR}/hourglassConfigVersion.cmake"
  DESTINATION "${_package}")
