# ZPL: a strict reader of the language, the tests of the driver, and its judges.
add_library(atl-zpl-lexer STATIC ${PROJECT_SOURCE_DIR}/tests/support/inflate.c
    ${PROJECT_SOURCE_DIR}/tests/support/zpl_lexer.c ${PROJECT_SOURCE_DIR}/tests/support/zpl_unpack.c)
atl_target(atl-zpl-lexer)
target_link_libraries(atl-zpl-lexer PUBLIC atl-page)

atl_test(drivers/test_zpl atl-drivers atl-zpl-lexer)
atl_test(drivers/test_zpl_papers atl-drivers atl-zpl-lexer atl-sample)
atl_test(drivers/test_zpl_status atl-drivers)
atl_fuzzer(drivers/fuzz_zpl_answers atl-drivers)
