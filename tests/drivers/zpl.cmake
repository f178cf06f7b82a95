# ZPL: a strict reader of the language, the tests of the driver, and its judges.
add_library(atl-zpl-lexer STATIC ${PROJECT_SOURCE_DIR}/tests/support/inflate.c
    ${PROJECT_SOURCE_DIR}/tests/support/zpl_lexer.c ${PROJECT_SOURCE_DIR}/tests/support/zpl_unpack.c)
atl_target(atl-zpl-lexer)
target_link_libraries(atl-zpl-lexer PUBLIC atl-page)

atl_test(drivers/test_zpl atl-drivers atl-zpl-lexer atl-golden)
add_test(NAME drivers/test_zpl_all COMMAND test_zpl all
    WORKING_DIRECTORY ${PROJECT_BINARY_DIR}/run/test_zpl)
set_tests_properties(drivers/test_zpl_all PROPERTIES LABELS long TIMEOUT 120)
atl_test(drivers/test_zpl_papers atl-drivers atl-zpl-lexer atl-sample)
atl_test(drivers/test_zpl_sim atl-sim)
atl_test(drivers/test_zpl_status atl-drivers)
atl_fuzzer(drivers/fuzz_zpl_answers atl-babble)

# Programs of others: what they show of ours, and what they send to our simulated printer.
if(NOT ATL_SANITIZE) # judges of pictures, which are the same there
    add_test(NAME drivers/test_zpl_judge COMMAND python3 ${CMAKE_CURRENT_SOURCE_DIR}/test_zpl_judge.py
        $<TARGET_FILE:atelier-print> ${PROJECT_SOURCE_DIR})
    set_tests_properties(drivers/test_zpl_judge PROPERTIES LABELS processes SKIP_RETURN_CODE 77 TIMEOUT 300)
    add_test(NAME drivers/test_zpl_judge_all COMMAND python3
        ${CMAKE_CURRENT_SOURCE_DIR}/test_zpl_judge.py $<TARGET_FILE:atelier-print> ${PROJECT_SOURCE_DIR}
        all)
    set_tests_properties(drivers/test_zpl_judge_all PROPERTIES LABELS long SKIP_RETURN_CODE 77
        TIMEOUT 1200)
endif()
add_executable(zpl_desk ${CMAKE_CURRENT_SOURCE_DIR}/zpl_desk.c)
atl_target(zpl_desk)
target_link_libraries(zpl_desk PRIVATE atl-sim atl-zpl-lexer)
add_test(NAME drivers/test_zpl_lprint COMMAND python3 ${CMAKE_CURRENT_SOURCE_DIR}/test_zpl_lprint.py
    $<TARGET_FILE:atelier-print> $<TARGET_FILE:zpl_desk> ${PROJECT_SOURCE_DIR})
set_tests_properties(drivers/test_zpl_lprint PROPERTIES LABELS processes SKIP_RETURN_CODE 77
    TIMEOUT 120)
add_test(NAME drivers/test_zpl_print COMMAND python3 ${CMAKE_CURRENT_SOURCE_DIR}/test_zpl_print.py
    $<TARGET_FILE:atelier-print> $<TARGET_FILE:zpl_desk> ${PROJECT_SOURCE_DIR})
set_tests_properties(drivers/test_zpl_print PROPERTIES LABELS processes TIMEOUT 120)
